import { parseId, type ProductId } from "@almanac/kernel";
import { Card, EmptyState, FanChart, LinkButton, PageHead } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { about } from "../server/about.ts";
import { dayInWords, shortDay } from "../server/dates.ts";
import { farmLoader } from "../server/handlers.ts";

export const loader = farmLoader(async ({ api, farm, params }) => {
  const productId = parseId<ProductId>(params["product"] ?? "");
  const { name, baseUnit, accuracy, forecasts, history } = await api.planning.forecast({
    farmId: farm.id,
    productId,
  });
  const unit = baseUnit === "piece" ? "pieces" : baseUnit === "ml" ? "litres" : "kilograms";
  const divisor = baseUnit === "piece" ? 1 : 1_000;
  const [next] = forecasts;
  return {
    name,
    unit,
    home: `/portal/farms/${farm.slug}/forecast`,
    accuracy: accuracy === null ? null : Math.round(100 * accuracy),
    model: next?.model ?? "",
    daysLearned: next?.daysLearned ?? 0,
    drivers: next?.drivers.map(({ text }) => text) ?? [],
    summary: next
      ? `${dayInWords(next.marketDay)}: likely ${about(next.p50, baseUnit)}, 8 of 10 times between ${about(next.p10, baseUnit)} and ${about(next.p90, baseUnit)}.`
      : "",
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
  const { name, unit, home, accuracy, model, daysLearned, drivers, summary, history, forecast } =
    useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={name}
        lead={summary}
        actions={
          <LinkButton href={home} tone="secondary">
            All forecasts
          </LinkButton>
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
              summary="One point a market day. Inside the fan in 8 of 10 cases."
              labelHeader="Market day"
              history={history}
              forecast={forecast}
              format={(value) => (Math.round(value * 10) / 10).toLocaleString("en-GB")}
            />
          </Card>
          <Card title="Why">
            <ul>
              {drivers.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          </Card>
          <Card title="How good it is">
            <p>
              {accuracy === null
                ? "Too little is sold regularly to promise anything."
                : `Over the last eight market days the forecasts of this product were ${accuracy} % right, counting all that was off.`}
            </p>
            <p className="soft small">
              Learned from {daysLearned} market days, by {model.split("+").length} models together:{" "}
              {model.replaceAll("+", ", ")}.
            </p>
          </Card>
        </>
      )}
    </>
  );
}
