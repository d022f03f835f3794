import { formatCents, formatQuantity, parseId, type MarketId } from "@almanac/kernel";
import { Chips, LinkButton, Notice, PageHead, isPictureName, pictureFor } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { useKeptPage } from "../offline/use-kept-page.ts";
import { NotYet } from "../parts/frame/not-yet.tsx";
import { OfflineNotice } from "../parts/frame/offline-notice.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { QuickSale } from "../parts/market-day/quick-sale.tsx";
import { SalesOfDay } from "../parts/market-day/sales-of-day.tsx";
import { titled } from "../parts/frame/titled.ts";
import { useLivePage } from "../parts/frame/use-polling.ts";
import { dayInWords, momentAt, timeAt } from "../server/words/dates.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { measureOf, sellOne, undoSale } from "../server/market-day/stall.ts";

export const loader = farmLoader(async ({ api, farm, url, now, person, liveCursor }) => {
  const wanted = url.searchParams.get("market");
  const day = await api.stall.day({
    farmId: farm.id,
    ...(wanted && { marketId: parseId<MarketId>(wanted) }),
  });
  const { market, marketDay, nextDay, totals } = day;
  return {
    farmId: farm.id,
    home: `/portal/farms/${farm.slug}`,
    address: `/portal/farms/${farm.slug}/stall${wanted ? `?market=${wanted}` : ""}`,
    asOf: momentAt(now, market.timeZone, now),
    version: now.toISOString(),
    identity: person.email ?? "",
    liveCursor,
    market: { id: market.id, name: market.name },
    markets: day.markets,
    title: dayInWords(marketDay, now),
    isMarketDay: nextDay === marketDay,
    next: nextDay && dayInWords(nextDay, now),
    newKey: crypto.randomUUID(),
    goods: day.products.toSorted(soldOutLast).map((row) => ({
      id: row.variantId,
      name: row.name,
      how: row.variantName,
      picture: isPictureName(row.picture) ? row.picture : pictureFor({ name: row.name }),
      price: `${formatCents(row.unitPriceCents)} / ${row.priceUnit}`,
      unitPriceCents: row.unitPriceCents,
      unitPricePer: row.unitPricePer,
      measure: measureOf(row),
      left: formatQuantity(row.availableBase, row.baseUnit),
      isOut: row.availableBase <= 0,
    })),
    totals: {
      sales: totals.sales,
      total: formatCents(totals.totalCents),
      cash: formatCents(totals.cashCents),
      card: formatCents(totals.cardCents),
      fee: formatCents(totals.feeCents),
    },
    sales: day.sales.map((sale) => ({
      id: sale.id,
      at: timeAt(sale.soldAt, market.timeZone),
      what: `${formatQuantity(sale.quantityBase, sale.baseUnit)} ${sale.name}`,
      total: formatCents(sale.totalCents),
      tender: sale.tender,
      isUndone: sale.undoneAt !== null,
    })),
  };
});

export const action = farmAction({
  sell: ({ api, farm, fields }) => sellOne(api, farm, fields),
  undo: ({ api, farm, fields }) => undoSale(api, farm, fields),
});

const soldOutLast = (a: { availableBase: number }, b: { availableBase: number }): number =>
  Number(a.availableBase <= 0) - Number(b.availableBase <= 0);

export const meta = titled("Stall");

/** The till for walk-ins: what there is, how much, how it was paid. */
export default function Stall() {
  const view = useLoaderData<typeof loader>();
  const { home, market, markets, goods, isMarketDay, next, asOf } = view;
  const isOffline =
    useLivePage({
      identity: view.identity,
      topics: [`farm:${view.farmId}:sales`, `farm:${view.farmId}:inventory`],
      cursor: view.liveCursor,
      fallbackMs: 30_000,
    }) === "offline";
  useKeptPage(view.address, view.version);
  const outcome = useOutcome();
  const sold = outcome?.ok && outcome.intent === "sell" ? outcome : undefined;
  return (
    <>
      <PageHead
        title="Stall"
        lead={`${market.name}, ${view.title}. What walk-ins buy; what is ordered is put aside already.`}
        actions={
          <LinkButton href={`${home}/market-day`} tone="secondary" icon="chart">
            Market day
          </LinkButton>
        }
      />
      {markets.length > 1 && (
        <Chips
          label="Market"
          chips={markets.map(({ id, name }) => ({
            href: `?market=${id}`,
            label: name,
            on: id === market.id,
          }))}
        />
      )}
      {!isMarketDay && !isOffline && (
        <Notice title="No market today">
          {next ? `The next one is on ${next}. ` : ""}What is sold today is booked all the same.
        </Notice>
      )}
      <div className="stall__outcome">
        <OutcomeNotice />
      </div>
      {isOffline && (
        <OfflineNotice asOf={asOf}>
          You can read prices here, and what was left then. Selling waits until the connection is back:
          nothing is booked before.
        </OfflineNotice>
      )}
      {goods.length === 0 ? (
        <NotYet
          home={home}
          title="Nothing to sell"
          actions={<LinkButton href={`${home}/stock`}>Stock</LinkButton>}
        >
          What you have harvested is sold to walk-ins here.
        </NotYet>
      ) : (
        <div className="stall" data-as-of={asOf}>
          <QuickSale
            key={market.id}
            marketId={market.id}
            goods={goods}
            newKey={view.newKey}
            form={formState(outcome, "sell")}
            isWaiting={isOffline}
            sold={sold}
          />
          <fieldset className="day-fields" disabled={isOffline}>
            <SalesOfDay totals={view.totals} sales={view.sales} />
          </fieldset>
        </div>
      )}
    </>
  );
}
