/**
 * Keeps a farm's Today page, so that it can be read where there is no signal: the page as it was last loaded, with its "as of",
 * and the files it is made of. Nothing is sent later from here, and no other page is kept.
 *
 * Served as /portal/offline.js. What is kept goes when somebody signs out, when the server sends the page's reader elsewhere,
 * and after three days.
 */
const store = "almanac-today";
const keptMs = 3 * 24 * 60 * 60 * 1000;
/** A page that is kept is not fetched again within this. */
const freshMs = 20 * 1000;
const keptAt = "x-kept-at";

/** How often all was forgotten: what was asked for before is not kept after. */
let forgotten = 0;

function forget() {
  forgotten++;
  return caches.delete(store);
}

/** What is kept, if anything: looking into it must not make it anew once it was forgotten. */
const keptStore = async () => ((await caches.has(store)) ? caches.open(store) : undefined);

const isToday = (path) => /^\/portal\/farms\/[^/.]+\/?$/.test(path);
const isFile = (path) => /^\/(portal\/)?assets\/|^\/pictures\//.test(path);
const keyOf = (path) => path.replace(/\/$/, "");

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data?.keep && isToday(event.data.keep)) event.waitUntil(keepNow(event.data.keep));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST") {
    if (pathname.endsWith("/sign-out")) event.waitUntil(forget());
    return;
  }
  if (request.method !== "GET") return;
  if (isFile(pathname)) event.respondWith(fileOf(request));
  else if (request.mode === "navigate") event.respondWith(pageOf(event, pathname, search));
});

/** The page from the network; without one, as it was kept. */
async function pageOf(event, path, search) {
  const since = forgotten;
  try {
    const response = await fetch(event.request);
    if (isToday(path))
      event.waitUntil(remember(path, search === "" ? response.clone() : undefined, response, since));
    return response;
  } catch {
    return (isToday(path) && (await kept(path))) || withoutNetwork();
  }
}

/** Keeps what was answered; forgets everything where the reader was sent elsewhere, as who signed out is. */
async function remember(path, copy, { type, status }, since) {
  if (type === "opaqueredirect" || status === 401 || status === 403 || status === 404) await forget();
  else if (status === 200 && copy) await keep(path, copy, since);
}

async function keepNow(path) {
  const since = forgotten;
  const known = await (await keptStore())?.match(keyOf(path));
  if (known && Date.now() - Number(known.headers.get(keptAt)) < freshMs) return;
  try {
    const response = await fetch(path, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
    await remember(path, response.clone(), response, since);
  } catch {
    // No network now: what is kept stays.
  }
}

async function keep(path, response, since) {
  const headers = new Headers(response.headers);
  headers.set(keptAt, String(Date.now()));
  headers.delete("content-encoding");
  const html = await response.text();
  if (since !== forgotten) return;
  const cache = await caches.open(store);
  await cache.put(keyOf(path), new Response(html, { headers }));
  const files = new Set(
    [...html.matchAll(/"(\/(?:portal\/)?(?:assets|pictures)\/[^"?#\s]+)"/g)].map(([, file]) => file),
  );
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (isFile(pathname) && !files.has(pathname) && !lateFile(pathname)) await cache.delete(url);
  }
  await Promise.all(
    [...files].map(async (file) => {
      if (await cache.match(file)) return;
      const answer = await fetch(file).catch(() => undefined);
      if (answer?.ok) await cache.put(file, answer);
    }),
  );
}

/** What style sheets and scripts ask for by themselves is not named in the page. */
const lateFile = (path) => /\.(woff2|js|css|svg)$/.test(path);

async function kept(path) {
  const found = await (await keptStore())?.match(keyOf(path));
  if (!found) return undefined;
  if (Date.now() - Number(found.headers.get(keptAt)) <= keptMs) return found;
  await forget();
  return undefined;
}

/** Files have their content's hash in the name: what is kept is right. */
async function fileOf(request) {
  const cache = await keptStore();
  const found = await cache?.match(request.url);
  if (found) return found;
  const response = await fetch(request);
  // Only beside a kept page; by themselves files are the browser's to keep.
  if (response.ok && cache && (await cache.keys()).length > 0) await cache.put(request.url, response.clone());
  return response;
}

/** Every page but Today needs the network; this one says so and leads to what is kept. */
async function withoutNetwork() {
  const pages = ((await (await keptStore())?.keys()) ?? [])
    .map(({ url }) => new URL(url).pathname)
    .filter(isToday);
  const links = pages.map((path) => `<p><a href="${path}">Today, as it was last loaded</a></p>`).join("");
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>No connection · Almanac</title>
<body><main><h1>No connection</h1><p>This page needs one. It works again as soon as there is signal.</p>${links}</main></body></html>`;
  return new Response(html, { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
}
