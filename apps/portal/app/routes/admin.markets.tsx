import { Anchor, Badge, Button, Card, InputField, PageHead, Table } from "@almanac/ui";
import { redirect } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { useBusy } from "../parts/forms/act.tsx";
import { MarketFields } from "../parts/operate/market-fields.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { shortDay, weekdays } from "../server/words/dates.ts";
import { adminAction, adminLoader } from "../server/request/handlers.ts";
import { readMarket } from "../server/operate/market-form.ts";

export const loader = adminLoader(async ({ api }) => {
  const [markets, farms] = await Promise.all([api.markets.list(), api.farms.list()]);
  return {
    markets: markets.map((market) => ({
      slug: market.slug,
      name: market.name,
      region: market.region,
      day: `${weekdays[market.weekday - 1] ?? ""} ${market.opensAt}–${market.closesAt}`,
      fee: `${market.feeBasisPoints / 100}\u00a0%`,
      farms: farms.filter((farm) => farm.stalls.some((stall) => stall.marketId === market.id)).length,
      next: market.nextWindow ? shortDay(market.nextWindow.marketDay) : "none",
      isOpen: market.nextWindow?.isOpen ?? false,
    })),
    farms: farms
      .map(({ slug, name, town }) => ({ slug, name, town }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
  };
});

export const action = adminAction({
  create: async ({ api, fields }) => {
    const market = readMarket(fields);
    const timeZone = fields.text("timeZone", { required: "Name its time zone." });
    const managerEmail = fields.optional("managerEmail");
    const currency = fields.text("currency").toUpperCase() || "USD";
    fields.done();
    const made = await api.admin.markets.create({
      ...market,
      timeZone,
      currency,
      ...(managerEmail && { managerEmail }),
    });
    return redirect(`/markets/${made.slug}`);
  },
});

export const meta = titled("Markets and farms");

export default function Markets() {
  const { markets, farms } = useLoaderData<typeof loader>();
  const form = formState(useOutcome(), "create");
  const busy = useBusy("create");
  return (
    <>
      <PageHead title="Markets and farms" lead="Operators may open every place as its people do." />
      <OutcomeNotice />
      <Table
        caption="Markets"
        rows={markets}
        rowKey={({ slug }) => slug}
        empty="No market yet. Create the first one."
        columns={[
          {
            key: "name",
            header: "Market",
            rowHeader: true,
            cell: (market) => <Anchor href={`/portal/markets/${market.slug}`}>{market.name}</Anchor>,
          },
          { key: "region", header: "Region", cell: (market) => market.region },
          { key: "day", header: "Open", cell: (market) => market.day },
          { key: "farms", header: "Farms", numeric: true, cell: (market) => market.farms },
          { key: "fee", header: "Fee", numeric: true, cell: (market) => market.fee },
          {
            key: "next",
            header: "Next market day",
            cell: (market) => (
              <>
                {market.next} {market.isOpen && <Badge tone="good">orders open</Badge>}
              </>
            ),
          },
        ]}
      />
      <details className="fold card" open={form.refused}>
        <summary>Create a market</summary>
        <Form method="post" className="stack form-column fold__body">
          <input type="hidden" name="intent" value="create" />
          <MarketFields form={form} />
          <div className="field-row">
            <InputField
              label="Time zone"
              {...form.field("timeZone")}
              required
              hint="Cannot be changed later. Such as America/New_York"
            />
            <InputField label="Currency" {...form.field("currency", "USD")} short maxLength={3} required />
          </div>
          <InputField
            label="Manager's e-mail"
            optional
            type="email"
            {...form.field("managerEmail")}
            hint="An account that is there."
          />
          <div>
            <Button type="submit" busy={busy}>
              Create it
            </Button>
          </div>
        </Form>
      </details>
      <Card title="Farms">
        <ul className="columns">
          {farms.map((farm) => (
            <li key={farm.slug}>
              <Anchor href={`/portal/farms/${farm.slug}`}>{farm.name}</Anchor>{" "}
              <span className="small soft">{farm.town}</span>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
