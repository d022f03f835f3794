import { groupingOf, groupTrendRows } from "../server/operate/group-trends.ts";
import { csvFile } from "../server/request/csv.ts";
import { adminLoader } from "../server/request/handlers.ts";

/** The trends of the address as a file for spreadsheets, with nothing more in it than its page tells. */
export const loader = adminLoader(async ({ api, url, now }) => {
  const by = groupingOf(url.searchParams);
  const trends = await api.admin.insights.trends({ by });
  return csvFile(`trends-by-${by}-${now.toISOString().slice(0, 10)}`, groupTrendRows(trends));
});
