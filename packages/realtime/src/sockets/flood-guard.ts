import type { Milliseconds } from "@almanac/kernel";
import { tokenBucket } from "../core/token-bucket.ts";
import type { LiveSocket } from "./live-socket.ts";

/** Of messages, tRPC's own pings included: many times what a busy page sends. Pings of the protocol are bounded by `ws`. */
const messagesPerSecond = 100;
const messagesAtOnce = 500;

/**
 * Ends a socket that sends more messages than anybody needs to. Each is answered, be it with a pong or a refusal, and the answers to
 * who sends without reading would fill the memory. To be called before anybody else listens.
 */
export function endFloods(socket: LiveSocket, monotonic: () => Milliseconds): void {
  const bucket = tokenBucket(messagesPerSecond, monotonic(), messagesAtOnce);
  socket.on("message", () => {
    if (!bucket.take(monotonic())) socket.terminate();
  });
}
