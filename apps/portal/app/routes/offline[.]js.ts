import worker from "../offline/worker.js?raw";

/** The worker that keeps Today for where there is no signal; it may see all pages of the portal. */
export const loader = () =>
  new Response(worker, {
    headers: { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-cache" },
  });
