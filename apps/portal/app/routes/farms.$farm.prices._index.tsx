import { formatCents } from "@almanac/kernel";
import { Badge, Notice, PageHead, isPictureName, pictureFor } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { Act } from "../parts/forms/act.tsx";
import { NotYet } from "../parts/frame/not-yet.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { PriceCard } from "../parts/prices/price-card.tsx";
import { RowList } from "../parts/frame/row-list.tsx";
import { titled } from "../parts/frame/titled.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { planActions, planView } from "../server/prices/price-plans.ts";
import { priceActions, priceCard } from "../server/prices/price-views.ts";
import { isOpen, whyOf, type PriceOffer } from "../server/prices/price-words.ts";

export const loader = farmLoader(async ({ api, farm }) => {
  const [{ offers }, { plans }] = await Promise.all([
    api.pricing.suggestions({ farmId: farm.id }),
    api.pricePlans.list({ farmId: farm.id }),
  ]);
  const { slug } = farm;
  const home = `/portal/farms/${slug}/prices`;
  const open = offers.filter(isOpen);
  const row = (offer: PriceOffer) => ({
    key: offer.variantId,
    href: `${home}/${offer.productId}`,
    name: offer.name,
    picture: isPictureName(offer.picture) ? offer.picture : pictureFor({ name: offer.name }),
    detail: offer.isDismissed ? "You left it as it is." : whyOf(offer),
    figure: formatCents(offer.unitPriceCents),
    figureNote: `/ ${offer.priceUnit}`,
  });
  const rest = offers.filter((offer) => !isOpen(offer));
  const unknown = rest.filter(({ suggestion }) => suggestion.kind === "cost-missing");
  return {
    farm: `/portal/farms/${slug}`,
    cards: open
      // What sells below its floor first, then the largest gain.
      .sort((a, b) => urgency(b) - urgency(a) || (a.name < b.name ? -1 : 1))
      .map((offer) => priceCard(offer, home)),
    unknown: unknown.map(row),
    settled: rest.filter(({ suggestion }) => suggestion.kind !== "cost-missing").map(row),
    planned: plans
      .filter(({ status }) => status === "planned" || status === "running")
      .map((plan) => ({
        ...planView(plan),
        key: plan.id,
        href: `${home}/${plan.productId}`,
        name: plan.productName,
        picture: isPictureName(plan.picture) ? plan.picture : pictureFor({ name: plan.productName }),
        figure: formatCents(plan.unitPriceCents),
        figureNote: `/ ${plan.priceUnit}`,
      })),
    isEmpty: offers.length === 0,
  };
});

function urgency({ suggestion: { kind, expected } }: PriceOffer): number {
  return kind === "floor" ? 1_000 : (expected?.profit?.mid ?? 0);
}

export const action = farmAction({ ...priceActions, ...planActions });

export const meta = titled("Prices");

/** What each product costs, and what might be asked instead. */
export default function Prices() {
  const { farm, cards, planned, unknown, settled, isEmpty } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Prices"
        lead="What you might ask instead, worked out from your costs and your own past sales. Nothing changes until you say so, and everybody pays the same."
      />
      <OutcomeNotice />
      {isEmpty && (
        <NotYet home={farm} title="Nothing is on sale">
          The price of what is on sale is looked at here.
        </NotYet>
      )}
      {planned.length > 0 && (
        <section className="stack">
          <h2>Planned</h2>
          <RowList
            label="Planned prices"
            rows={planned.map(({ id, days, reason, state, tone, about, ...row }) => ({
              ...row,
              detail: reason ? `${days} · ${reason}` : days,
              badge: <Badge tone={tone}>{state}</Badge>,
              action: <Act intent="cancel" subject={id} label="Cancel" about={about} tone="quiet" />,
            }))}
          />
        </section>
      )}
      {cards.length > 0 && (
        <section className="stack">
          <h2>Worth a look</h2>
          <ul className="price-cards">
            {cards.map((view) => (
              <PriceCard key={view.variantId} view={view} />
            ))}
          </ul>
        </section>
      )}
      {cards.length === 0 && settled.length > 0 && (
        <Notice tone="good" title="No price needs you.">
          {unknown.length > 0 ? "Where you said what it costs you, each" : "Each"} is at or above your floor,
          and none would surely leave you more at another price.
        </Notice>
      )}
      {unknown.length > 0 && (
        <section className="stack">
          <h2>What do these cost you?</h2>
          <RowList label="Without a cost" rows={unknown} />
        </section>
      )}
      {settled.length > 0 && (
        <section className="stack">
          <h2>As they are</h2>
          <RowList label="Prices that may stay" rows={settled} />
        </section>
      )}
    </>
  );
}
