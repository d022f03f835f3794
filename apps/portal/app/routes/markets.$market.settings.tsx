import { Button, PageHead } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { useBusy } from "../parts/forms/act.tsx";
import { MarketFields } from "../parts/operate/market-fields.tsx";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { titled } from "../parts/frame/titled.ts";
import { marketAction, marketLoader } from "../server/request/handlers.ts";
import { readMarket } from "../server/operate/market-form.ts";

export const loader = marketLoader(async ({ market }) => {
  const { name, description, address, region, latitude, longitude, weekday, opensAt, closesAt, acceptsSnap } =
    market;
  return {
    timeZone: market.timeZone,
    currency: market.currency,
    stored: {
      name,
      description,
      address,
      region,
      latitude,
      longitude,
      weekday,
      opensAt,
      closesAt,
      acceptsSnap,
      feePercent: String(market.feeBasisPoints / 100),
    },
  };
});

export const action = marketAction({
  update: async ({ api, market, fields }) => {
    const patch = readMarket(fields);
    fields.done();
    await api.marketDesk.update({ marketId: market.id, ...patch });
    return { message: "Saved. New orders go by it; orders that are placed keep their fee." };
  },
});

export const meta = titled("Settings");

export default function MarketSettings() {
  const { stored, timeZone, currency } = useLoaderData<typeof loader>();
  const form = formState(useOutcome(), "update");
  const busy = useBusy("update");
  return (
    <>
      <PageHead title="Settings" lead={`Time zone ${timeZone.replaceAll("_", " ")}, currency ${currency}.`} />
      <OutcomeNotice />
      <Form method="post" className="stack form-column" preventScrollReset>
        <input type="hidden" name="intent" value="update" />
        <MarketFields form={form} stored={stored} />
        <div>
          <Button type="submit" busy={busy}>
            Save
          </Button>
        </div>
      </Form>
    </>
  );
}
