import { gapWords } from "../server/growing/growing-words.ts";
import { farmLoader } from "../server/request/handlers.ts";
import { notFound } from "../server/request/person.ts";
import { csvFile } from "../server/request/csv.ts";
import { wishOf } from "../server/growing/plan-wish.ts";

/** The plan of the address as a file for spreadsheets: first its sowings, then its weeks. */
export const loader = farmLoader(async ({ api, farm, url }) => {
  const { today } = await api.growing.place.get({ farmId: farm.id });
  const { products } = await api.growing.crops.list({ farmId: farm.id });
  const product = products.find(({ productId }) => productId === url.searchParams.get("product"));
  const wish = wishOf(url.searchParams, today, product?.baseUnit);
  if (!wish) throw notFound("There is no such plan.");
  const { name, crop, sowings, weeks } = await api.growing.plan.preview({ farmId: farm.id, ...wish });
  return csvFile(`successions-${wish.from}`, [
    ["product", "crop", "sow", "set out", "harvest from", "harvest to", "seeds", "plants", "bed metres"],
    ...sowings.map((sowing) => [
      name,
      crop.crop,
      sowing.sowOn,
      sowing.transplantOn ?? "",
      sowing.harvestFrom,
      sowing.harvestTo,
      sowing.seeds,
      sowing.plants,
      Math.round(sowing.bedMetres * 100) / 100,
    ]),
    [],
    ["week", "wanted", "grown", "missing", "why", "unit"],
    ...weeks.map(({ week, wantedBase, suppliedBase, gap }) => [
      week,
      Math.round(wantedBase),
      Math.round(suppliedBase),
      Math.round(gap?.missingBase ?? 0),
      gap ? gapWords[gap.reason] : "",
      crop.baseUnit,
    ]),
  ]);
});
