import { insertMany, type Transaction } from "@almanac/db";
import { notifications, type NewsId } from "@almanac/db/schema";
import { days, hours, newId, seededRng, type Rng, type ShopperId } from "@almanac/kernel";
import type { BrowsingEvent } from "../core/browsing.ts";
import type { World, WorldFarm, WorldProduct } from "../core/model.ts";

type NewsRow = typeof notifications.$inferInsert;

export interface Follow {
  readonly shopperId: ShopperId;
  readonly farmId: WorldFarm["id"];
  readonly followedAt: Date;
}

/** News reach back so far: what is kept for ninety days was read long ago. */
const newsDays = 30;
/** Who looked at a product so long ago has forgotten it. */
const viewMemoryMs = days(14);
/** Of those who were told, so many have read it since. */
const readShare = 0.7;

/**
 * What shoppers were told in the last month, as the alerts tell it: a lower price to who follows the farm or looked at the
 * product before, and what a farm listed for the first time to its followers. Maya has read all of hers.
 */
export async function insertNews(
  tx: Transaction,
  world: World,
  { browsing, follows }: { browsing: readonly BrowsingEvent[]; follows: readonly Follow[] },
): Promise<void> {
  const rng = seededRng(world.seed).fork("news");
  const sinceMs = world.now.getTime() - days(newsDays);
  const recent = (at: Date): boolean => at.getTime() >= sinceMs && at < world.now;
  const views = Map.groupBy(
    browsing.filter(({ action }) => action === "VIEW_PRODUCT"),
    ({ entity }) => entity.id,
  );
  const followers = Map.groupBy(follows, ({ farmId }) => farmId);
  const rows: NewsRow[] = [];
  const tell = (
    shopperId: ShopperId,
    at: Date,
    told: Pick<NewsRow, "type" | "payload">,
    key: string,
  ): void => {
    rows.push({
      id: newsId(at, rng),
      shopperId,
      ...told,
      dedupeKey: `${shopperId}:${key}`,
      createdAt: at,
      readAt: readAt(at, world, shopperId, rng),
    });
  };

  for (const { product, oldPriceCents, newPriceCents, changedAt } of world.priceChanges) {
    if (newPriceCents >= oldPriceCents || !recent(changedAt)) continue;
    const because = new Map<ShopperId, "view" | "farm">();
    for (const { shopper, at } of views.get(product.id) ?? [])
      if (at < changedAt && at.getTime() > changedAt.getTime() - viewMemoryMs)
        because.set(shopper.id, "view");
    for (const { shopperId, followedAt } of followers.get(product.farm.id) ?? [])
      if (followedAt < changedAt) because.set(shopperId, "farm");
    const alertId = `demo-price-drop-${product.slug}`;
    const { priceUnit: pricePer } = product.food.sale;
    const payload = { ...namesOf(product), oldPriceCents, newPriceCents, pricePer, alertId };
    for (const [shopperId, why] of because)
      tell(
        shopperId,
        changedAt,
        { type: "PRICE_DROP_ALERT", payload: { ...payload, because: why } },
        alertId,
      );
  }

  const listed = world.products.filter(({ listedAt }) => recent(listedAt));
  for (const ofFarm of Map.groupBy(
    listed,
    ({ farm, listedAt }) => `${farm.id} ${listedAt.getTime()}`,
  ).values()) {
    const [first] = ofFarm;
    if (!first) continue;
    const { farm, listedAt } = first;
    const payload = {
      ...namesOf(first),
      farmId: farm.id,
      count: ofFarm.length,
      products: ofFarm.map(namesOf),
    };
    for (const { shopperId, followedAt } of followers.get(farm.id) ?? [])
      if (followedAt < listedAt)
        tell(
          shopperId,
          listedAt,
          { type: "NEW_ARRIVAL_ALERT", payload },
          `arrivals-${farm.id}-${listedAt.getTime()}`,
        );
  }
  await insertMany(tx, notifications, rows);
}

const namesOf = ({ id, slug, name, farm }: WorldProduct) => ({
  productId: id,
  slug,
  name,
  farmName: farm.seed.name,
});

function readAt(told: Date, world: World, shopperId: ShopperId, rng: Rng): Date | null {
  const at = new Date(told.getTime() + hours(0.2 + 20 * rng.next()));
  const isRead = rng.next() < readShare;
  if (shopperId === world.mayaId) return at < world.now ? at : world.now;
  return isRead && at < world.now ? at : null;
}

const newsId = (at: Date, rng: Rng): NewsId =>
  newId<NewsId>(
    at.getTime(),
    Uint8Array.from({ length: 10 }, () => rng.int(256)),
  );
