import { EmptyState, LinkButton, PageHead } from "@almanac/ui";
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { ProductGrid } from "../products/product-grid.tsx";
import { visitOf } from "../server/visit.server.ts";
import { dayInWords } from "../words/dates.ts";

export const meta: MetaFunction = () => [
  { title: "What’s coming · Almanac" },
  { name: "description", content: "What the farms will harvest in the next weeks." },
];

export const loader = async ({ context }: LoaderFunctionArgs) => {
  const { market } = await visitOf(context);
  const cards = await context.api.growing.coming({ ...(market && { marketId: market.id }), limit: 60 });
  const months = Map.groupBy(cards, ({ season }) => (season.returnsOn ?? "").slice(0, 7));
  return {
    market: market?.name ?? null,
    months: [...months].map(([month, items]) => ({
      month,
      title: monthInWords(month),
      picks: items.map((card) => ({
        card,
        sentence: `from ${dayInWords(card.season.returnsOn ?? `${month}-01`, "short-day")}`,
      })),
    })),
  };
};

function monthInWords(month: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", month: "long", year: "numeric" }).format(
    new Date(`${month}-15T12:00:00Z`),
  );
}

/** What comes into season, month by month. */
export default function Coming() {
  const { market, months } = useLoaderData<typeof loader>();
  const farms = market ? `the farms of ${market}` : "the farms";
  return (
    <>
      <PageHead
        title="What’s coming"
        lead={`What ${farms} will pick in the next half year. Weather moves it; the farms move it here.`}
      />
      {months.length === 0 && (
        <EmptyState
          title="Nothing new in the next months"
          headingLevel={2}
          picture="seedling"
          actions={<LinkButton href="/search?inSeason=1">What is in season now</LinkButton>}
        >
          The fields rest, or all that grows is on the stalls already.
        </EmptyState>
      )}
      {months.map(({ month, title, picks }) => (
        <section key={month} className="stack" aria-labelledby={`month-${month}`}>
          <h2 id={`month-${month}`}>{title}</h2>
          <ProductGrid label={`Coming in ${title}`} picks={picks} />
        </section>
      ))}
    </>
  );
}
