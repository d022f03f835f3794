import { timestamp, uuid } from "drizzle-orm/pg-core";
import type { Id } from "@almanac/kernel";

/** A UUID column that holds ids of one kind; the branded type keeps a farm's id out of a product's column. */
export const idColumn = <Brand extends Id<string>>() => uuid().$type<Brand>();

/** A moment, stored in UTC. */
export const moment = () => timestamp({ withTimezone: true, mode: "date", precision: 3 });
