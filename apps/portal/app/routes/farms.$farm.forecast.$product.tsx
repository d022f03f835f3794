import { parseId, type MarketId, type ProductId } from "@almanac/kernel";
import { Card, Chips, EmptyState, FanChart, LineChart, LinkButton, PageHead } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { UnusualList } from "../parts/forecast/unusual-list.tsx";
import { plotDay } from "../server/words/dates.ts";
import {
  bookingWords,
  forecastUnit,
  howGood,
  modelWords,
  noForecastWords,
  summaryOf,
} from "../server/forecast/forecast-words.ts";
import { farmAction, farmLoader } from "../server/request/handlers.ts";
import { pastForecasts, type PastForecasts } from "../server/forecast/past-forecasts.ts";
import { unusualActions, unusualViews, unusualWords } from "../server/forecast/unusual-days.ts";

/** Rows of days that are over: a year of market days, or less of it where more versions forecast. */
const pastRows = 60;

export const loader = farmLoader(async ({ api, farm, params, url, now }) => {
  const productId = parseId<ProductId>(params["product"] ?? "");
  const wanted = url.searchParams.get("market");
  const [found, unusual] = await Promise.all([
    api.planning.forecast({
      farmId: farm.id,
      productId,
      ...(wanted && { marketId: parseId<MarketId>(wanted) }),
    }),
    api.planning.unusual({ farmId: farm.id, productId, weeks: pastRows }),
  ]);
  const { name, baseUnit, market, markets, forecasts, history } = found;
  const past = market
    ? await api.planning.history({ farmId: farm.id, productId, marketId: market.id, limit: pastRows })
    : [];
  const { unit, divisor } = forecastUnit(baseUnit);
  const [next] = forecasts;
  const marked = new Map(
    unusual.filter(({ marketId }) => marketId === market?.id).map((one) => [one.marketDay, one]),
  );
  return {
    name,
    unit,
    places: `/portal/farms/${farm.slug}`,
    productId,
    // Nothing to choose where there is one.
    chips:
      markets.length > 1
        ? markets.map(({ id, name: label }) => ({ href: `?market=${id}`, label, on: id === market?.id }))
        : [],
    good: howGood(found),
    model: next ? modelWords(next) : "",
    drivers: next ? [...bookingWords(next), ...next.drivers.map(({ text }) => text)] : [],
    summary: next ? summaryOf(next, baseUnit, now) : "",
    past: pastForecasts(past, { baseUnit, inUse: next?.modelVersion }),
    none: found.reason && noForecastWords(found.reason, market?.name ?? ""),
    soldOut: history.filter(({ soldOut }) => soldOut).length,
    // Before the first day that is known it was not listed.
    gaps: history
      .slice(history.findIndex(({ soldBase }) => soldBase !== null))
      .filter(({ soldBase }) => soldBase === null).length,
    unusual: unusualViews(unusual, now),
    history: history.map(({ day, soldBase, soldOut }) => {
      const one = marked.get(day);
      const isLeftOut = one?.answer === "slip";
      return {
        label: plotDay(day, now),
        // Ten times too much would leave no room for what is right.
        value: soldBase === null || isLeftOut ? null : soldBase / divisor,
        soldOut,
        ...(one && { unusual: isLeftOut ? "a slip of the pen, left out" : unusualWords(one) }),
      };
    }),
    forecast: forecasts.map(({ marketDay, p10, p50, p90 }) => ({
      label: plotDay(marketDay, now),
      mean: p50 / divisor,
      lo80: p10 / divisor,
      hi80: p90 / divisor,
    })),
  };
});

export const action = farmAction(unusualActions);

export const meta = titled<typeof loader>(({ name }) => `Forecast of ${name}`);

/** One product: what was sold, what is expected, and why. */
export default function ProductForecast() {
  const {
    name,
    unit,
    places,
    productId,
    chips,
    good,
    model,
    drivers,
    summary,
    past,
    none,
    soldOut,
    gaps,
    history,
    forecast,
    unusual,
  } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={name}
        lead={summary}
        actions={
          <>
            <LinkButton href={`${places}/prices/${productId}`} tone="secondary" icon="tag">
              Its price
            </LinkButton>
            <LinkButton href={`${places}/forecast`} tone="secondary">
              All forecasts
            </LinkButton>
          </>
        }
      />
      {chips.length > 0 && <Chips label="Market" chips={chips} />}
      <OutcomeNotice />
      {none ? (
        <>
          <EmptyState title={none.title} headingLevel={2}>
            {none.why}
          </EmptyState>
          {past && <PastForecastsFold past={past} unit={unit} />}
        </>
      ) : (
        <>
          <Card>
            <FanChart
              headingLevel={2}
              title={`Sold and expected, in ${unit}`}
              summary={`One point a market day; inside the fan in 8 of 10 cases.${soldOutWords(soldOut)}${gapWords(gaps)}`}
              labelHeader="Market day"
              history={history}
              forecast={forecast}
              format={toTenths}
            />
          </Card>
          {unusual.length > 0 && (
            <Card title="Unusual days">
              <UnusualList home={places} days={unusual} />
            </Card>
          )}
          <div className="two-up">
            <Card title="Why">
              <ul className="plain-list">
                {drivers.map((text) => (
                  <li key={text}>{text}.</li>
                ))}
              </ul>
            </Card>
            <Card title="How good it is">
              <div className="stack stack--tight">
                <p>{good}</p>
                <p className="soft small">{model}</p>
              </div>
            </Card>
          </div>
          {past && <PastForecastsFold past={past} unit={unit} />}
        </>
      )}
    </>
  );
}

const toTenths = (value: number): string => (Math.round(value * 10) / 10).toLocaleString("en-GB");

/** What was forecast of days that are over, beside what was sold: for who wants to see it. */
function PastForecastsFold({ past, unit }: { past: PastForecasts; unit: string }) {
  const { words, labels, sold, versions } = past;
  return (
    <Card>
      <details className="fold">
        <summary>
          How earlier forecasts came out:{" "}
          {labels.length === 1 ? "1 market day" : `${labels.length} market days`}
        </summary>
        <div className="fold__body stack">
          <ul className="plain-list">
            {words.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
          {labels.length > 1 && (
            <div className="small-plot">
              <LineChart
                title={`Expected beside sold, in ${unit}`}
                labelHeader="Market day"
                labels={labels}
                series={[
                  { label: "sold", values: sold, colour: 4 },
                  ...versions.map(({ label, values }, at) => ({
                    label,
                    values,
                    colour: expectedColours[at]!,
                    dashed: at > 0,
                  })),
                ]}
                format={toTenths}
              />
            </div>
          )}
        </div>
      </details>
    </Card>
  );
}

/** As in the chart above: what is expected is green; grey is what was sold. */
const expectedColours = [1, 3, 2] as const;

const soldOutWords = (count: number): string =>
  count === 0
    ? ""
    : ` On ${count === 1 ? "one day" : `${count} days`} it was sold out: the demand is unknown, and was at least what the ring shows.`;

const gapWords = (count: number): string =>
  count === 0
    ? ""
    : ` The line breaks off on ${count === 1 ? "one day" : `${count} days`} that ${count === 1 ? "tells" : "tell"} nothing: there was none to sell, or what was entered was wrong.`;
