/**
 * Keeps a farm's Today and Stall pages, so that they can be read where there is no signal: each as it was last loaded, with its
 * "as of", and the files it is made of. Nothing is sent later from here; where another page is asked for, it is said that there
 * is no connection, and what is kept.
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

/** Each of a farm's markets has a Stall of its own. Today as somebody filtered it is not kept. */
const keptPages = /^\/portal\/farms\/[^/.?]+(\/?|\/stall\/?(\?market=[\w-]+)?)$/;
const isKeptPage = (address) => keptPages.test(address);
const isFile = (path) => /^\/(portal\/)?assets\/|^\/pictures\//.test(path);
const keyOf = (address) => address.replace(/\/(?=\?|$)/, "");

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data?.keep && isKeptPage(event.data.keep)) event.waitUntil(keepNow(event.data.keep));
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
  else if (request.mode === "navigate") event.respondWith(pageOf(event, pathname + search));
});

/** The page from the network; without one, as it was kept. */
async function pageOf(event, address) {
  const since = forgotten;
  try {
    const response = await fetch(event.request);
    if (isKeptPage(address)) event.waitUntil(remember(address, response.clone(), since));
    // A filtered Today says as well whether who reads it may.
    else if (isKeptPage(pathOf(address))) event.waitUntil(heed(response));
    return response;
  } catch {
    return (isKeptPage(address) && (await kept(address))) || withoutNetwork();
  }
}

const pathOf = (address) => address.replace(/\?.*$/, "");

/** Keeps what was answered, unless the reader was sent elsewhere. */
async function remember(address, response, since) {
  if (await heed(response)) return;
  if (response.status === 200) await keep(address, response, since);
}

/** Forgets everything where the reader was sent elsewhere, as who signed out is. @returns whether that was so */
async function heed({ type, status }) {
  const isSentAway = type === "opaqueredirect" || status === 401 || status === 403 || status === 404;
  if (isSentAway) await forget();
  return isSentAway;
}

async function keepNow(address) {
  const since = forgotten;
  const known = await (await keptStore())?.match(keyOf(address));
  if (known && Date.now() - Number(known.headers.get(keptAt)) < freshMs) return;
  try {
    const response = await fetch(address, {
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
    });
    await remember(address, response, since);
  } catch {
    // No network now: what is kept stays.
  }
}

async function keep(address, response, since) {
  const headers = new Headers(response.headers);
  headers.set(keptAt, String(Date.now()));
  headers.delete("content-encoding");
  const html = await response.text();
  if (since !== forgotten) return;
  const cache = await caches.open(store);
  await cache.put(keyOf(address), new Response(html, { headers }));
  const files = new Set((await readKept(cache)).flatMap((page) => filesIn(page.html)));
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (isFile(pathname) && !files.has(pathname) && !lateFile(pathname)) await cache.delete(url);
  }
  await Promise.all(
    filesIn(html).map(async (file) => {
      if (await cache.match(file)) return;
      const answer = await fetch(file).catch(() => undefined);
      if (answer?.ok) await cache.put(file, answer);
    }),
  );
}

/** The pages that are kept: address, when, and what they say. */
async function readKept(cache) {
  const addresses = (await cache.keys())
    .map(({ url }) => new URL(url))
    .map(({ pathname, search }) => pathname + search)
    .filter(isKeptPage);
  return Promise.all(
    addresses.map(async (address) => {
      const page = await cache.match(address);
      return { address, at: Number(page.headers.get(keptAt)), html: await page.text() };
    }),
  );
}

const filesIn = (html) => [
  ...new Set(
    [...html.matchAll(/"(\/(?:portal\/)?(?:assets|pictures)\/[^"?#\s]+)"/g)].map(([, file]) => file),
  ),
];

/** What style sheets and scripts ask for by themselves is not named in the page. */
const lateFile = (path) => /\.(woff2|js|css|svg)$/.test(path);

async function kept(address) {
  const found = await (await keptStore())?.match(keyOf(address));
  if (!found) return undefined;
  if (isYoung(Number(found.headers.get(keptAt)))) return found;
  await forget();
  return undefined;
}

const isYoung = (at) => Date.now() - at <= keptMs;

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

/** Where no page is kept whose style sheets could be used. */
const plainLook =
  "<style>body { font-family: system-ui, sans-serif; margin: 2rem 1rem; line-height: 1.5 }</style>";

/** Any other page needs the network; this one says so, leads to what is kept, and loads again when the network is back. */
async function withoutNetwork() {
  const cache = await keptStore();
  const pages = (cache ? await readKept(cache) : []).filter(({ at }) => isYoung(at));
  const styles = new Set(pages.flatMap(({ html }) => filesIn(html)).filter((file) => file.endsWith(".css")));
  const sheets = [...styles].map((file) => `<link rel="stylesheet" href="${file}">`).join("") || plainLook;
  const links = pages
    .map((page) => `<li style="padding-block: 0.5rem"><a href="${page.address}">${wordsOf(page)}</a></li>`)
    .join("");
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>No connection · Almanac</title>${sheets}
<body><main class="plain-page"><h1>No connection</h1>
<p>This page needs one. It loads by itself as soon as there is signal.</p>
${links && `<p>Kept on this device, to be read meanwhile:</p><ul>${links}</ul>`}
<p><button class="button button--secondary" onclick="location.reload()">Try again</button></p></main>
<script>
  // Whether there really is a network is found by trying: the browser may say so too early, or not at all.
  const look = () => fetch("/portal/offline.js", { cache: "no-store" }).then(() => location.reload(), () => undefined);
  addEventListener("online", look);
  setInterval(look, 3000);
</script></body></html>`;
  return new Response(html, { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
}

/** "Today · Hollow Oak, as of Wed 13 Aug 18:00", of what the page says of itself, which is HTML already. */
function wordsOf({ html }) {
  const title = /<title>([^<]*?)( · Almanac)?<\/title>/.exec(html)?.[1] ?? "As it was last loaded";
  const asOf = /data-as-of="([^"<]*)"/.exec(html)?.[1];
  return asOf ? `${title}, as of ${asOf}` : title;
}
