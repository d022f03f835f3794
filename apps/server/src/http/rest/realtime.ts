import { liveQuery } from "./inputs.ts";
import { readQuery, type RestHandler } from "./rest-route.ts";

/** `POST /api/realtime/ticket`: opens the plain socket once. */
export const issueTicket: RestHandler = async ({ api }) => ({ data: await api.realtime.ticket() });

/**
 * `GET /api/realtime/recommendations`: what came on the live lane since a cursor, for clients that can hold no connection
 * (RT-08). While nothing comes the cursor is the tag, so that an idle poll is answered with 304.
 */
export const pollLive: RestHandler = async ({ url, api }) => {
  const answer = await api.realtime.poll(readQuery(url, liveQuery));
  return {
    data: answer,
    count: answer.messages.length,
    headers: { "cache-control": "private, no-cache" },
    tag: `W/"${answer.cursor}"`,
  };
};
