import type { ProductId } from "@almanac/kernel";
import type { ShopEntry, ShopWindow } from "@almanac/signals";
import type { Logger } from "@almanac/trpc";
import type { EngineDocument, OutsideEngine } from "./engines/opensearch.ts";

/**
 * Keeps an outside engine in step with the shop window: filled when that is loaded, and told of each product whose words
 * changed. What it could not be told is told with the next fill.
 *
 * @returns ends it
 */
export function followShop(engine: OutsideEngine, shopWindow: ShopWindow, log: Logger): () => void {
  const told = new Map<ProductId, string>();
  let work: Promise<void> = Promise.resolve();

  const then = (next: () => Promise<void>): void => {
    work = work.then(next).catch((err: unknown) => {
      told.clear();
      log.warn({ err }, "the outside search engine could not be brought up to date");
    });
  };

  const follow = (productIds: readonly ProductId[] | "all"): void => {
    if (productIds === "all" || told.size === 0) return fillAgain();
    const changed = productIds.flatMap((id) => shopWindow.find(id) ?? []).map(toDocument);
    const news = changed.filter((document) => told.get(document.id as ProductId) !== textOf(document));
    const removed = productIds.filter((id) => told.has(id) && !shopWindow.find(id));
    if (news.length + removed.length === 0) return;
    for (const document of news) told.set(document.id as ProductId, textOf(document));
    for (const id of removed) told.delete(id);
    then(() => engine.change(news, removed));
  };

  const fillAgain = (): void => {
    const documents = shopWindow.all().map(toDocument);
    const isNews =
      documents.length !== told.size ||
      documents.some((document) => told.get(document.id as ProductId) !== textOf(document));
    if (!isNews) return;
    told.clear();
    for (const document of documents) told.set(document.id as ProductId, textOf(document));
    then(() => engine.fill(documents));
  };

  if (shopWindow.size > 0) follow("all");
  return shopWindow.listen(({ productIds }) => follow(productIds));
}

function toDocument({ product }: ShopEntry): EngineDocument {
  const { id, name, category, farm, description } = product;
  return { id, name, category: category.name, farm: farm.name, description };
}

const textOf = (document: EngineDocument): string => JSON.stringify(document);
