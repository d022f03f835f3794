import type { LoaderFunctionArgs } from "@remix-run/node";

/** Everything kept about the person, as a file. */
export async function loader({ context: { api } }: LoaderFunctionArgs) {
  const data = await api.me.exportData();
  return new Response(JSON.stringify(data, undefined, 2), {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": 'attachment; filename="almanac-my-data.json"',
      "cache-control": "no-store",
    },
  });
}
