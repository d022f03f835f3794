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
    if (path === "/livez") return void response.writeHead(200, { "content-type": "text/plain" }).end("ok\n");
    if (path === "/readyz") return refuse(response, "text/plain", `not ready: ${doing}\n`);
    if (path !== "/health" && request.headers.accept?.includes("text/html"))
      return refuse(response, "text/html; charset=utf-8", waitingPage(doing));
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

/** What a browser sees that comes too early: it asks again by itself. */
function waitingPage(doing: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Almanac opens in a moment</title>
<body style="font:1.125rem/1.5 system-ui,sans-serif;display:grid;place-content:center;min-height:90vh;padding:1rem">
<main role="status"><h1>The market opens in a moment.</h1><p>Almanac is ${doing}. This page comes back by itself.</p></main>`;
}

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
