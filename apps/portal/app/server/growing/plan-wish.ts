import { isUuid, parseId, type BaseUnit } from "@almanac/kernel";
import type { Api } from "../request/person.ts";

export type Wish = Omit<Parameters<Api["growing"]["plan"]["preview"]>[0], "farmId">;

export const shares = [
  { value: "0.5", label: "as likely too much as too little" },
  { value: "0.8", label: "run out in one week of five" },
  { value: "0.9", label: "run out in one week of ten" },
] as const;

/** What the address asks to be planned; `undefined` while no product is chosen. What cannot be read takes its usual value. */
export function wishOf(search: URLSearchParams, today: string, baseUnit?: BaseUnit): Wish | undefined {
  const product = search.get("product") ?? "";
  if (!isUuid(product)) return undefined;
  const from = search.get("from") ?? "";
  const weeks = Number(search.get("weeks"));
  const share = shares.find(({ value }) => value === search.get("share")) ?? shares[0];
  const week = Number((search.get("aWeek") ?? "").replace(",", "."));
  const base = Math.round(week * (baseUnit === "piece" || !baseUnit ? 1 : 1_000));
  return {
    productId: parseId(product),
    from: isDay(from) ? from : today,
    weeks: Number.isInteger(weeks) && weeks >= 1 && weeks <= 60 ? weeks : 26,
    share: Number(share.value),
    ...(base > 0 && base <= 10_000_000 && { baseAWeek: base }),
  };
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return (
    /^2[01]\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
  );
}
