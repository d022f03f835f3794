import { parseId, type ProductId } from "@almanac/kernel";
import { Card, EmptyState, FanChart, LinkButton, PageHead } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { shortDay } from "../server/dates.ts";
import { bookingWords, forecastUnit, howGood, modelWords, summaryOf } from "../server/forecast-words.ts";
import { farmLoader } from "../server/handlers.ts";

export const loader = farmLoader(async ({ api, farm, params, now }) => {
  const productId = parseId<ProductId>(params["product"] ?? "");
  const found = await api.planning.forecast({ farmId: farm.id, productId });
  const { name, baseUnit, forecasts, history } = found;
  const { unit, divisor } = forecastUnit(baseUnit);
  const [next] = forecasts;
  return {
    name,
    unit,
    places: `/portal/farms/${farm.slug}`,
    productId,
    good: howGood(found),
    model: next ? modelWords(next) : "",
    drivers: next ? [...bookingWords(next), ...next.drivers.map(({ text }) => text)] : [],
    summary: next ? summaryOf(next, baseUnit, now) : "",
    soldOut: history.filter(({ soldOut }) => soldOut).length,
    history: history.map(({ day, soldBase, soldOut }) => ({
      label: shortDay(day),
      value: soldBase === null ? null : soldBase / divisor,
      soldOut,
    })),
    forecast: forecasts.map(({ marketDay, p10, p50, p90 }) => ({
      label: shortDay(marketDay),
      mean: p50 / divisor,
      lo80: p10 / divisor,
      hi80: p90 / divisor,
    })),
  };
});

/** One product: what was sold, what is expected, and why. */
export default function ProductForecast() {
  const { name, unit, places, productId, good, model, drivers, summary, soldOut, history, forecast } =
    useLoaderData<typeof loader>();
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
      {forecast.length === 0 ? (
        <EmptyState title="No forecast yet" headingLevel={2}>
          It needs four market days of orders first.
        </EmptyState>
      ) : (
        <>
          <Card>
            <FanChart
              headingLevel={2}
              title={`Sold and expected, in ${unit}`}
              summary={`One point a market day; inside the fan in 8 of 10 cases.${soldOutWords(soldOut)}`}
              labelHeader="Market day"
              history={history}
              forecast={forecast}
              format={(value) => (Math.round(value * 10) / 10).toLocaleString("en-GB")}
            />
          </Card>
          <div className="two-up">
            <Card title="Why">
              <ul className="plain-list">
                {drivers.map((text) => (
                  <li key={text}>{text}.</li>
                ))}
              </ul>
            </Card>
            <Card title="How good it is">
              <p>{good}</p>
              <p className="soft small">{model}</p>
            </Card>
          </div>
        </>
      )}
    </>
  );
}

const soldOutWords = (count: number): string =>
  count === 0
    ? ""
    : ` On ${count === 1 ? "one day" : `${count} days`} it was sold out: the demand is unknown, and was at least what the ring shows.`;
