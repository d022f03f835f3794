import { AppError, isUuid } from "@almanac/kernel";
import type { NewsId } from "@almanac/db/schema";
import { momentInput } from "@almanac/trpc";
import type { KeptNews, NewsPlace } from "../store/news.ts";

/** News as a list shows it. */
export interface NewsItem {
  readonly id: NewsId;
  /** Of the live message, such as "STOCK_ALERT". */
  readonly type: string;
  /** Within the type, such as "BACK_IN_STOCK". */
  readonly kind?: string;
  /** The product that it is about, or the first of several; as it was called then. */
  readonly slug?: string;
  readonly name?: string;
  readonly farmName?: string;
  /** As it was told live. */
  readonly payload: Record<string, unknown>;
  /** When it was told, as an ISO text. */
  readonly at: string;
  readonly isRead: boolean;
}

const named = ["kind", "slug", "name", "farmName"] as const;

export function toNewsItem({ id, type, payload, createdAt, readAt }: KeptNews): NewsItem {
  const texts = named.flatMap((name) => {
    const value = payload[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return {
    id,
    type,
    ...Object.fromEntries(texts),
    payload,
    at: createdAt.toISOString(),
    isRead: readAt !== null,
  };
}

/** A place in the list, as an opaque text. */
export function toNewsCursor({ createdAt, id }: NewsPlace): string {
  return Buffer.from(`${createdAt.toISOString()} ${id}`).toString("base64url");
}

/** @throws AppError `input_invalid` for a text that no answer gave */
export function fromNewsCursor(cursor: string): NewsPlace {
  const [at = "", id = ""] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  const createdAt = momentInput.safeParse(at);
  if (!createdAt.success || !isUuid(id))
    throw new AppError("input_invalid", "This cursor is not one of ours.");
  return { createdAt: createdAt.data, id: id as NewsId };
}
