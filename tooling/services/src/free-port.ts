import { createServer } from "node:net";

/** A port of the loopback address that was free a moment ago. Whoever uses it must be ready to find it taken. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", reject);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address === null || typeof address === "string") reject(new Error("the server has no port"));
    else resolve(address.port);
  });
  try {
    return await promise;
  } finally {
    server.close();
  }
}
