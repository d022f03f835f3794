import type { Fields } from "../request/fields.ts";

/** What `MarketFields` says. */
export function readMarket(fields: Fields) {
  return {
    name: fields.text("name", { required: "A market has a name." }),
    description: fields.text("description"),
    address: fields.text("address"),
    region: fields.text("region"),
    latitude: fields.decimal("latitude", { min: -90, max: 90 }),
    longitude: fields.decimal("longitude", { min: -180, max: 180 }),
    weekday: fields.whole("weekday", { min: 1, max: 7 }),
    opensAt: fields.text("opensAt", { required: "Say when it opens." }),
    closesAt: fields.text("closesAt", { required: "Say when it closes." }),
    acceptsSnap: fields.ticked("acceptsSnap"),
    feeBasisPoints: Math.round(fields.decimal("feePercent", { min: 0, max: 50 }) * 100),
  };
}
