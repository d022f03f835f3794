import { formatRoughQuantity, type BaseUnit } from "@almanac/kernel";
import { shortDay } from "../words/dates.ts";
import type { Api } from "../request/person.ts";

type Promised = Awaited<ReturnType<Api["growing"]["promise"]>>;

/** What may be sold ahead of a product, by date, in words. */
export interface PromiseView {
  readonly lead: string;
  readonly rows: readonly {
    readonly on: string;
    readonly day: string;
    readonly there: string;
    readonly free: string;
  }[];
  readonly note: string;
}

/** @returns `undefined` where nothing is sown that would come in */
export function promiseView(told: Promised, unit: BaseUnit): PromiseView | undefined {
  if (told.kind !== "told" || told.days.length < 2) return undefined;
  const { days, toCome, weather, pastSowings, shelfLifeDays } = told;
  const words = (base: number): string => formatRoughQuantity(base, unit);
  return {
    lead: `Your sowings will still give about ${words(toCome.grams)}, in four of five cases ${words(toCome.lower)} to ${words(toCome.upper)}. So much is there nine times in ten:`,
    rows: days.map(({ on, supplyGrams, availableGrams }) => ({
      on,
      day: shortDay(on),
      there: words(supplyGrams),
      free: words(availableGrams),
    })),
    note: `${
      shelfLifeDays === null
        ? "You have not said how long it keeps, so all is taken to keep."
        : `Nothing counts for longer than the ${shelfLifeDays} days that it keeps.`
    } ${
      pastSowings === 0
        ? "Nothing was brought in yet from an earlier sowing, so the yield is the book’s."
        : `The yield follows ${pastSowings === 1 ? "one earlier sowing" : `${pastSowings} earlier sowings`} of yours.`
    } ${weather === "missing" ? "The weather is not known, so it is left out." : "The weather is in it."}`,
  };
}
