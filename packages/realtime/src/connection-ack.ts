import type { LiveMessageOf } from "./messages.ts";

/** The first thing said on a stream: the server's time, and the cursor that the stream begins at. */
export function connectionAck({
  now,
  sessionId,
  cursor,
}: {
  now: Date;
  sessionId: string;
  cursor: number;
}): LiveMessageOf<"CONNECTION_ACK"> {
  const serverTime = now.toISOString();
  const payload = { serverTime, sessionId, resumeFrom: String(cursor) };
  return { v: 1, id: String(cursor), type: "CONNECTION_ACK", topic: "connection", ts: serverTime, payload };
}
