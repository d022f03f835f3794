import {
  BarChart,
  Button,
  Card,
  ConnectionBadge,
  FanChart,
  LineChart,
  PageHead,
  PortalShell,
  Sparkline,
  StatTile,
  Table,
} from "../src/index.ts";
import type { FanForecastPoint, FanHistoryPoint } from "../src/index.ts";

const sold = [38, 41, 35, 44, 52, 60, 47, 58, 63, 55, 60, 66];
const history: FanHistoryPoint[] = sold.map((value, index) => ({
  label: `w${22 + index}`,
  value,
  soldOut: index === 5 || index === 10,
}));
const forecast: FanForecastPoint[] = [0, 1, 2, 3].map((k) => ({
  label: `w${34 + k}`,
  mean: 68 - 3 * k,
  lo80: 58 - 6 * k,
  hi80: 78 + 2 * k,
  lo95: 51 - 8 * k,
  hi95: 86 + 4 * k,
}));
const kg = (value: number) => `${Math.round(value)} kg`;

const rows = [
  { product: "Heirloom tomato", slot: "8:00", quantity: "8.0 kg", cents: "39.20", state: "packed" },
  { product: "Sweetcorn", slot: "9:00", quantity: "24", cents: "21.60", state: "open" },
  { product: "Leeks", slot: "11:00", quantity: "12 bunches", cents: "30.00", state: "open" },
];

export function PortalPage() {
  return (
    <PortalShell
      where="Hollow Oak Farm"
      tools={<ConnectionBadge state="sse" />}
      groups={[
        {
          items: [
            { href: "/portal", label: "Today", icon: "sun", current: true },
            { href: "/portal/orders", label: "Orders", icon: "list", count: 12 },
            { href: "/portal/products", label: "Products", icon: "tag" },
            { href: "/portal/stock", label: "Stock", icon: "box" },
          ],
        },
        {
          title: "Market",
          items: [
            { href: "/portal/farms", label: "Farms", icon: "barn" },
            { href: "/portal/slots", label: "Pickup slots", icon: "clock" },
          ],
        },
        { title: "Operator", items: [{ href: "/portal/admin/monitor", label: "Monitor", icon: "chart" }] },
      ]}
    >
      <PageHead
        title="Saturday, 16 August"
        lead="12 orders to pack by Friday evening."
        actions={
          <Button icon="print" tone="secondary">
            Pick list
          </Button>
        }
      />
      <div className="tile-grid">
        <StatTile
          label="Bring tomatoes"
          value="70"
          unit="kg"
          change={{ text: "8.0 kg are pre-ordered" }}
          plot={<Sparkline values={sold} label="Rising over 12 weeks" />}
        />
        <StatTile
          label="Pre-ordered"
          value="218.40"
          change={{ text: "12 % more than last Saturday", tone: "good" }}
        />
        <StatTile
          label="Runs out before 11"
          value="2"
          unit="products"
          change={{ text: "Sweetcorn, basil", tone: "urgent" }}
        />
      </div>
      <div className="tile-grid" style={{ "--tile-min": "22rem" } as React.CSSProperties}>
        <Card>
          <FanChart
            title="Tomatoes on Saturday"
            summary="Expect 68 kg, most likely between 58 and 78."
            history={history}
            forecast={forecast}
            format={kg}
            labelHeader="Week"
            headingLevel={2}
          />
        </Card>
        <Card>
          <LineChart
            title="Orders a week"
            summary="Orders grew by a third since June."
            labels={history.map((point) => point.label)}
            series={[
              { label: "this year", values: sold },
              {
                label: "last year",
                values: sold.map((value, k) => (k === 4 ? null : value * 0.7)),
                colour: 4,
                dashed: true,
              },
            ]}
            headingLevel={2}
          />
        </Card>
        <Card>
          <BarChart
            title="Lift by shelf"
            summary="For you sells more; the others cannot be told from nothing."
            format={(value) => `${value > 0 ? "+" : ""}${value} %`}
            bars={[
              { label: "For you", value: 18, lower: 9, upper: 27 },
              { label: "Trending", value: 4, lower: -3, upper: 11, colour: 4 },
              { label: "Price drops", value: -3, lower: -10, upper: 4, colour: 2 },
            ]}
            headingLevel={2}
          />
        </Card>
      </div>
      <Table
        caption="Orders by pickup slot"
        columns={[
          {
            key: "product",
            header: "Product",
            cell: (row) => row.product,
            rowHeader: true,
            sortHref: "?sort=product",
            sorted: "ascending",
          },
          { key: "slot", header: "Slot", cell: (row) => row.slot },
          { key: "quantity", header: "Quantity", cell: (row) => row.quantity, numeric: true },
          { key: "cents", header: "Value", cell: (row) => row.cents, numeric: true },
          { key: "state", header: "State", cell: (row) => row.state },
        ]}
        rows={rows}
        rowKey={(row) => row.product}
        dense
      />
    </PortalShell>
  );
}
