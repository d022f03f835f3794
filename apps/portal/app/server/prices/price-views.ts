import { formatCents } from "@almanac/kernel";
import { isPictureName, pictureFor } from "@almanac/ui";
import { parseId, type VariantId } from "@almanac/kernel";
import type { PriceCardView } from "../../parts/prices/price-card.tsx";
import type { Fields } from "../request/fields.ts";
import type { Done } from "../request/handlers.ts";
import type { Api, FarmPlace } from "../request/person.ts";
import {
  bandWords,
  basisOf,
  changeWords,
  comparable,
  comparedBy,
  whyOf,
  type PriceOffer,
} from "./price-words.ts";

/** A suggestion as its card shows it. */
export function priceCard(offer: PriceOffer, home: string): PriceCardView {
  const { suggestion, band } = offer;
  const expected = suggestion.expected;
  return {
    variantId: offer.variantId,
    href: `${home}/${offer.productId}`,
    name: offer.name,
    variantName: offer.variantName,
    picture: isPictureName(offer.picture) ? offer.picture : pictureFor({ name: offer.name }),
    priceUnit: offer.priceUnit,
    nowCents: offer.unitPriceCents,
    suggestedCents: suggestion.priceCents,
    floorCents: suggestion.floorCents,
    kind: suggestion.kind,
    why: whyOf(offer),
    basis: basisOf(offer),
    expected: expected
      ? [
          { label: "Sales", words: changeWords(expected.sales), isGood: expected.sales.low > 0 },
          { label: "Takings", words: changeWords(expected.takings), isGood: expected.takings.low > 0 },
          ...(expected.profit
            ? [
                {
                  label: "Left after cost",
                  words: changeWords(expected.profit),
                  isGood: expected.profit.low > 0,
                },
              ]
            : []),
        ]
      : [],
    band: band
      ? {
          lower: band.lowerCents,
          median: band.medianCents,
          upper: band.upperCents,
          now: comparable(offer.unitPriceCents, offer),
          ...(suggestion.priceCents !== offer.unitPriceCents && {
            suggested: comparable(suggestion.priceCents, offer),
          }),
          ...(suggestion.floorCents !== null && { floor: comparable(suggestion.floorCents, offer) }),
          unit: comparedBy[offer.baseUnit],
          sentence: bandWords(band, offer),
        }
      : null,
  };
}

interface Asked {
  readonly api: Api;
  readonly farm: FarmPlace;
  readonly fields: Fields;
}

function choiceOf({ farm, fields }: Asked) {
  const most = { min: 0, max: 10_000_000 };
  const choice = {
    farmId: farm.id,
    variantId: parseId<VariantId>(fields.text("subject")),
    currentCents: fields.whole("currentCents", most),
    suggestedCents: fields.whole("suggestedCents", most),
  };
  fields.done();
  return choice;
}

/** What the forms about a suggestion do. */
export const priceActions = {
  accept: async (asked: Asked): Promise<Done> => {
    const choice = choiceOf(asked);
    const { decisionId } = await asked.api.pricing.accept(choice);
    return {
      message: `${asked.fields.text("name")} costs ${formatCents(choice.suggestedCents)} from now on.`,
      undo: { label: "Undo", fields: { intent: "undo", subject: decisionId } },
    };
  },
  dismiss: async (asked: Asked): Promise<Done> => {
    const { decisionId } = await asked.api.pricing.dismiss(choiceOf(asked));
    return {
      message: `The price of ${asked.fields.text("name")} stays. You will not be asked again for four weeks.`,
      undo: { label: "Undo", fields: { intent: "undo", subject: decisionId } },
    };
  },
  undo: async ({ api, farm, fields }: Asked): Promise<Done> => {
    const decisionId = parseId<Parameters<Api["pricing"]["undo"]>[0]["decisionId"]>(fields.text("subject"));
    const { unitPriceCents } = await api.pricing.undo({ farmId: farm.id, decisionId });
    return { message: `Taken back: ${formatCents(unitPriceCents)} as before.` };
  },
};
