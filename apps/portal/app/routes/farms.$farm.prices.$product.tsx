import { formatCents, formatRoughQuantity } from "@almanac/kernel";
import { Button, Card, InputField, LinkButton, Notice, PageHead, Table } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { Act, useBusy } from "../parts/forms/act.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { PriceBand } from "../parts/prices/price-band.tsx";
import { PriceCard } from "../parts/prices/price-card.tsx";
import { PricePlans } from "../parts/prices/price-plans.tsx";
import { titled } from "../parts/frame/titled.ts";
import { WhatIf } from "../parts/prices/what-if.tsx";
import { dayInWords } from "../server/words/dates.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { planActions, planView, whatIfView, whenOptions } from "../server/prices/price-plans.ts";
import { priceActions, priceCard } from "../server/prices/price-views.ts";
import { basisOf, isOpen, whyOf } from "../server/prices/price-words.ts";
import { productIdOf } from "../server/products/products.ts";

export const loader = farmLoader(async ({ api, farm, params, now }) => {
  const home = `/portal/farms/${farm.slug}/prices`;
  const product = { farmId: farm.id, productId: productIdOf(params) };
  const [{ offers }, planned] = await Promise.all([
    api.pricing.product(product),
    api.pricePlans.list(product),
  ]);
  const [lead] = offers;
  return {
    home,
    history: `/portal/farms/${farm.slug}/products/${lead!.productId}/prices`,
    name: lead!.name,
    today: planned.today,
    options: whenOptions(planned),
    cost: {
      per: lead!.unitPricePer,
      unit: lead!.priceUnit,
      cost: lead!.cost ? formatCents(lead!.cost.costCents) : "",
      margin: lead!.cost ? lead!.cost.marginBasisPoints / 100 : 25,
      salvage: lead!.cost ? formatCents(lead!.cost.salvageCents) : "0.00",
      isKnown: lead!.cost !== null,
    },
    ways: offers.map((offer) => ({
      card: priceCard(offer, home),
      isOpen: isOpen(offer),
      variantName: offer.variantName,
      price: `${formatCents(offer.unitPriceCents)} / ${offer.priceUnit}`,
      floor: offer.suggestion.floorCents === null ? null : formatCents(offer.suggestion.floorCents),
      why: offer.isDismissed ? "You left it as it is." : whyOf(offer),
      basis: basisOf(offer),
      isLead: offer.isLead,
      priceUnit: offer.priceUnit,
      whatIf: whatIfView(offer, now),
      plans: planned.plans.filter(({ variantId }) => variantId === offer.variantId).map(planView),
      ladder: [...Map.groupBy(offer.ladder, ({ priceCents }) => priceCents)].map(([priceCents, rungs]) => ({
        price: `${formatCents(priceCents)} / ${offer.priceUnit}`,
        left: Object.fromEntries(
          rungs.map(({ minutesBefore, leftAboveBase }) => [
            minutesBefore,
            formatRoughQuantity(leftAboveBase, offer.baseUnit),
          ]),
        ),
      })),
      changes: offer.changes.toReversed().map(({ at, fromCents, toCents, reason }) => ({
        at,
        day: dayInWords(at.slice(0, 10), now),
        words: `${formatCents(fromCents)} → ${formatCents(toCents)}`,
        reason,
      })),
    })),
  };
});

export const action = farmAction({
  ...priceActions,
  ...planActions,
  cost: async ({ api, farm, fields, params }) => {
    const cost = {
      costCents: fields.cents("costCents"),
      marginBasisPoints: Math.round(100 * fields.decimal("margin", { min: 0, max: 1_000 })),
      salvageCents: fields.cents("salvageCents"),
      perBase: fields.whole("perBase", { min: 1, max: 1_000_000 }),
    };
    if (cost.salvageCents > cost.costCents) fields.wrong("salvageCents", "Not more than it costs.");
    fields.done();
    await api.pricing.setCost({ farmId: farm.id, productId: productIdOf(params), ...cost });
    return { message: "Noted. Nobody else sees it." };
  },
  forget: async ({ api, farm, fields, params }) => {
    fields.done();
    await api.pricing.clearCost({ farmId: farm.id, productId: productIdOf(params) });
    return { message: "Your cost is removed. Nothing is suggested without one." };
  },
});

type View = Awaited<ReturnType<typeof loader>>;

export const meta = titled<typeof loader>(({ name }) => `Price of ${name}`);

/** One product's price: what is suggested and why, how its buyers answer, the day's end, and what it was before. */
export default function ProductPrice() {
  const { home, history, name, today, options, cost, ways } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={name}
        lead="Its price, your floor, and how buyers answer."
        actions={
          <LinkButton href={home} tone="secondary">
            All prices
          </LinkButton>
        }
      />
      <OutcomeNotice />
      {ways.map((way) => (
        <Way key={way.card.variantId} {...{ way, history, name, today, options }} />
      ))}
      <CostForm cost={cost} />
    </>
  );
}

interface WayProps extends Pick<View, "history" | "name" | "today" | "options"> {
  way: View["ways"][number];
}

function Way({ way, history, name, today, options }: WayProps) {
  const { card } = way;
  return (
    <>
      {way.isOpen ? (
        <ul className="price-cards">
          <PriceCard view={card} headingLevel={2} />
        </ul>
      ) : (
        <Card title={`${way.variantName}: ${way.price}`}>
          <p>{way.why}</p>
          {way.floor && (
            <p className="small soft">
              Your floor is {way.floor} / {way.priceUnit}.
            </p>
          )}
          {card.band && <PriceBand {...card.band} />}
          {way.basis && <p className="small soft">{way.basis}</p>}
        </Card>
      )}
      {way.whatIf ? (
        <WhatIf view={way.whatIf} />
      ) : (
        way.isLead && (
          <Notice title="What another price would do is not told.">
            It takes a forecast of a coming market day: there is none while nobody asks for it.
          </Notice>
        )
      )}
      <PricePlans
        variantId={card.variantId}
        name={name}
        priceUnit={way.priceUnit}
        floor={way.floor}
        plans={way.plans}
        {...{ today, options }}
      />
      {way.ladder.length > 0 && (
        <Card title="If much is left at the end">
          <p className="small">
            Better sold for less than carried home: ask this when, so many minutes before the end, more is
            left than the table says. Not below half of the price, nor below what it earns you unsold.
          </p>
          <Table
            caption="Prices for the end of a market day"
            captionHidden
            dense
            rows={way.ladder}
            rowKey={({ price }) => price}
            columns={[
              {
                key: "price",
                header: "Ask",
                rowHeader: true,
                cell: ({ price }) => <span className="nowrap">{price}</span>,
              },
              ...[90, 60, 30].map((minutes) => ({
                key: String(minutes),
                header: `${minutes}\u00a0min`,
                numeric: true,
                cell: ({ left }: (typeof way.ladder)[number]) => left[minutes] ?? "–",
              })),
            ]}
          />
        </Card>
      )}
      <Card
        title="What it was before"
        aside={
          <LinkButton href={history} tone="quiet" size="small">
            Set it by hand
          </LinkButton>
        }
      >
        {way.changes.length === 0 ? (
          <p className="soft">It had no other price in the last two years.</p>
        ) : (
          <ul className="plain-list">
            {way.changes.map(({ at, day, words, reason }) => (
              <li key={at} className="cluster cluster--apart">
                <span className="numeric">{words}</span>
                <span className="small soft">
                  {day}
                  {reason && ` · ${reason}`}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}

function CostForm({ cost }: { cost: View["cost"] }) {
  const form = formState(useOutcome(), "cost");
  const busy = useBusy("cost");
  return (
    <Card
      title="What it costs you"
      aside={cost.isKnown ? <Act intent="forget" label="Remove it" tone="quiet" icon="trash" /> : undefined}
    >
      <Form
        method="post"
        className="stack"
        preventScrollReset
        key={`${cost.cost} ${cost.margin} ${cost.salvage}`}
      >
        <input type="hidden" name="intent" value="cost" />
        <input type="hidden" name="perBase" value={cost.per} />
        <div className="field-row">
          <InputField
            label="To grow, pick and bring it"
            inputMode="decimal"
            numeric
            short
            required
            suffix={`/ ${cost.unit}`}
            {...form.field("costCents", cost.cost)}
          />
          <InputField
            label="You want on top at least"
            inputMode="decimal"
            numeric
            short
            required
            suffix="%"
            {...form.field("margin", cost.margin)}
          />
          <InputField
            label="What it earns unsold"
            inputMode="decimal"
            numeric
            short
            required
            suffix={`/ ${cost.unit}`}
            {...form.field("salvageCents", cost.salvage)}
          />
        </div>
        <p className="small soft">
          No price below your cost and margin is ever suggested. Only your farm sees this.
        </p>
        <div className="cluster">
          <Button type="submit" busy={busy}>
            Save
          </Button>
        </div>
      </Form>
    </Card>
  );
}
