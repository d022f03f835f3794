import type { LiveMessageOf } from "../messages.ts";

/** The first thing said on a stream: the server's time, the cursor that it begins at, and whether all is to be read anew. */
export function connectionAck({
  now,
  sessionId,
  cursor,
  startsOver,
}: {
  now: Date;
  sessionId: string;
  cursor: number;
  startsOver: boolean;
}): LiveMessageOf<"CONNECTION_ACK"> {
  const serverTime = now.toISOString();
  const payload = {
    serverTime,
    sessionId,
    resumeFrom: String(cursor),
    ...(startsOver && { startsOver }),
  };
  return { v: 1, id: String(cursor), type: "CONNECTION_ACK", topic: "connection", ts: serverTime, payload };
}
