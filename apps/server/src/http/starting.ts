import { createServer, type ServerResponse } from "node:http";

export interface StartingServer {
  /** What is being done, for whoever asks meanwhile: "migrating". */
  say(doing: string): void;
  close(): Promise<void>;
}

/**
 * Holds the port while the database is migrated and filled: alive, but not ready, and everything else answers 503 with a
 * word of when to come back. It makes way for the real server.
 */
export async function openStartingServer(address: { port: number; host: string }): Promise<StartingServer> {
  let doing = "starting";
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0];
    if (path === "/livez")
      return void response.writeHead(200, { "content-type": "text/plain", "retry-after": "2" }).end("ok\n");
    if (path === "/readyz") return refuse(response, "text/plain", `not ready: ${doing}\n`);
    if (path !== "/health" && request.headers.accept?.includes("text/html"))
      return refuse(response, "text/html; charset=utf-8", waitingPage);
    const error = { code: "starting_up", message: `This process is ${doing}. It takes a moment.` };
    const body =
      path === "/health" ? { status: "UNHEALTHY", parts: {}, detail: doing } : { success: false, error };
    return refuse(response, "application/json", JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, resolve);
  });
  return {
    say: (next) => void (doing = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * What a browser sees that comes too early. It asks without a word in the console whether the shop is open, and is loaded anew
 * then; asking survives the moment in which nobody listens, which a reload would not. Without scripts it reloads.
 */
const waitingPage = `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Almanac opens in a moment</title>
<noscript><meta http-equiv="refresh" content="2"></noscript>
<style>
html { background: light-dark(oklch(0.984 0.014 92), oklch(0.188 0.016 152)) }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 1.5rem; box-sizing: border-box;
  font: 1.125rem/1.5 system-ui, sans-serif; text-align: center;
  color: light-dark(oklch(0.235 0.035 155), oklch(0.952 0.014 100)) }
h1 { margin: 0.5rem 0 0; font: 600 2rem/1.2 ui-serif, Georgia, serif; text-wrap: balance }
p { margin: 0.75rem auto 0; max-width: 26rem; text-wrap: pretty }
svg { width: 4.5rem; margin: 0 auto; fill: light-dark(oklch(0.365 0.078 154), oklch(0.82 0.148 146)) }
@media (prefers-reduced-motion: no-preference) {
  svg { animation: sway 2.4s ease-in-out infinite alternate; transform-origin: 50% 100% }
  @keyframes sway { from { rotate: -6deg } to { rotate: 6deg } } }
</style>
<main role="status"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M11 22v-8C5 14 3 11 3 6c5 0 8 2 8.9 6C12.5 8 15 5 21 4c0 6-3 9-8 9.5V22z"/></svg>
<h1>The market opens in a moment.</h1>
<p>The stalls are being set up. That takes seconds, the first time about a minute. This page opens by itself.</p></main>
<script>
const look = () =>
  fetch("/livez", { cache: "no-store" })
    .then((answer) => (answer.headers.has("retry-after") ? setTimeout(look, 1000) : location.reload()))
    .catch(() => setTimeout(look, 1000));
setTimeout(look, 1000);
</script>`;

function refuse(response: ServerResponse, type: string, body: string): void {
  response
    .writeHead(503, {
      "content-type": type,
      "cache-control": "no-store",
      "retry-after": "2",
      connection: "close",
    })
    .end(body);
}
