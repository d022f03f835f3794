import {
  Badge,
  Button,
  Card,
  Checkbox,
  Chips,
  ConnectionBadge,
  ErrorState,
  ExplainBars,
  Fieldset,
  FormError,
  Icon,
  IconButton,
  InputField,
  Notice,
  Pagination,
  Radio,
  RatingInput,
  SelectField,
  Switch,
  Tabs,
  TextareaField,
  ToastRegion,
} from "../src/index.ts";
import type { ButtonTone, ConnectionState, IconName } from "../src/index.ts";
import { iconPaths } from "../src/icons/icon-paths.ts";
import { products } from "./examples.tsx";

const tones: readonly ButtonTone[] = ["primary", "secondary", "soft", "quiet", "warm"];
const states: readonly ConnectionState[] = ["live", "sse", "polling", "offline", "connecting"];

export function PartsPage() {
  return (
    <main className="page stack" style={{ paddingBlock: "2rem 8rem" }}>
      <h1>Parts</h1>
      <Card title="Buttons">
        <div className="cluster">
          {tones.map((tone) => (
            <Button key={tone} tone={tone}>
              {tone}
            </Button>
          ))}
          <Button disabled>disabled</Button>
          <Button busy>Saving</Button>
          <IconButton icon="trash" label="Delete" />
          <IconButton icon="edit" label="Edit" look="outlined" />
        </div>
      </Card>
      <Card title="Icons">
        <div className="cluster">
          {([...Object.keys(iconPaths), "heart-filled"] as IconName[]).map((name) => (
            <Icon key={name} name={name} label={name} style={{ width: 28, height: 28 }} />
          ))}
        </div>
      </Card>
      <Card title="Badges">
        <div className="stack">
          <div className="cluster">
            <Badge>calm</Badge>
            <Badge tone="good" icon="leaf">
              good
            </Badge>
            <Badge tone="urgent" icon="clock">
              urgent
            </Badge>
            <Badge tone="count">7</Badge>
          </div>
          <div className="cluster">
            {states.map((state) => (
              <ConnectionBadge key={state} state={state} />
            ))}
          </div>
        </div>
      </Card>
      <div className="beside">
        <Card title="Form">
          <form className="stack">
            <FormError
              title="The order could not be placed"
              items={[{ fieldId: "mail", text: "Write an e-mail address" }]}
            />
            <InputField
              id="mail"
              label="E-mail"
              type="email"
              defaultValue="maya@"
              error="Write an e-mail address, such as maya@demo.example"
              required
            />
            <InputField
              label="Weight"
              numeric
              suffix="kg"
              defaultValue="1.515"
              hint="As the scale shows it"
            />
            <SelectField label="Market" options={[{ value: "1", label: "Riverside Saturday Market" }]} />
            <TextareaField label="Note to the farm" optional placeholder="Rather small ones" />
            <Fieldset legend="If something is short">
              <Radio name="short" label="Take something like it" hint="The farm chooses" defaultChecked />
              <Radio name="short" label="Leave it out" />
            </Fieldset>
            <Checkbox label="Remember this" defaultChecked />
            <Switch label="Tell me when prices drop" hint="At most once a day" defaultChecked />
            <Switch label="Evening letter" />
            <RatingInput legend="How was it?" name="stars" defaultValue={4} />
          </form>
        </Card>
        <div className="stack">
          <Card title="Why?">
            {products[0]?.reason?.explain && <ExplainBars {...products[0].reason.explain} />}
          </Card>
          <Notice tone="good" title="Saved" />
          <Notice tone="urgent" title="11:00 is full" actions={<Button size="small">Take 10:00</Button>}>
            10:00 and 12:00 still have places.
          </Notice>
        </div>
      </div>
      <Tabs
        label="Orders"
        tabs={[
          { href: "#1", label: "Open", current: true, count: 12 },
          { href: "#2", label: "Collected" },
          { href: "#3", label: "Cancelled" },
        ]}
      />
      <Chips
        label="Filters"
        chips={[
          { href: "#1", label: "In season", on: true },
          { href: "#2", label: "Organic", count: 18 },
          { href: "#3", label: "Within 10 km", count: 7 },
        ]}
      />
      <Pagination page={4} pages={12} hrefFor={(page) => `?page=${page}`} />
      <ErrorState
        title="The market cannot be reached"
        reference="7f3a-22"
        actions={<Button>Try again</Button>}
      >
        Your basket is safe. Try again in a moment.
      </ErrorState>
      <ToastRegion
        toasts={[
          { id: "1", message: "Basil taken out", action: { label: "Undo", onPress: () => undefined } },
        ]}
        onDismiss={() => undefined}
      />
    </main>
  );
}
