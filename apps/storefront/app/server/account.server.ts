import type { AppLoadContext } from "@remix-run/node";
import { loadBeside } from "./answer.server.ts";

/** What the shop knows of who asks. */
export async function accountOf({ api }: AppLoadContext) {
  const [me, taste, farms, behaviour, hidden] = await Promise.all([
    api.me.get(),
    loadBeside(() => api.taste.get()),
    loadBeside(() => api.farms.list()),
    loadBeside(() => api.insights.me()),
    loadBeside(() => api.recsys.hidden()),
  ]);
  const followed = (farms ?? [])
    .filter(({ isFollowed }) => isFollowed)
    .map(({ id, slug, name }) => ({ id, slug, name }));
  return { me, taste, followed, behaviour, hidden: hidden ?? [] };
}
