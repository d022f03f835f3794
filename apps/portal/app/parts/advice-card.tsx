import { Anchor, Badge, Button, InputField, type Tone } from "@almanac/ui";
import { Form } from "@remix-run/react";
import { largeUnits, typedQuantity } from "../server/fields.ts";
import { refusals, type AdviceGroup, type AdviceView } from "../server/advice-views.ts";
import { Act } from "./act.tsx";

const tones: Record<AdviceView["priority"], Tone> = {
  URGENT: "urgent",
  HIGH: "urgent",
  MEDIUM: "calm",
  LOW: "calm",
};
const words: Record<AdviceView["priority"], string> = {
  URGENT: "today",
  HIGH: "tomorrow at the latest",
  MEDIUM: "in the next days",
  LOW: "when there is time",
};

/** So many of a kind are in sight; the others are one tap away. */
const inSight = 4;

/** Advice of one kind for one day, and one button for all of it. */
export function AdviceCard({ group, forecasts }: { group: AdviceGroup; forecasts: string }) {
  const { title, priority, rows, acceptAll } = group;
  const rest = rows.slice(inSight);
  const list = (some: readonly AdviceView[]) => (
    <ul className="advice__rows">
      {some.map((view) => (
        <AdviceRow key={view.id} view={view} href={`${forecasts}/${view.productId}`} />
      ))}
    </ul>
  );
  return (
    <section className="card advice">
      <div className="advice__head">
        <h2 className="advice__title">{title}</h2>
        <Badge tone={tones[priority]}>{words[priority]}</Badge>
      </div>
      {acceptAll && (
        <Act
          intent="acceptAll"
          subject={rows.map(({ id }) => id).join(",")}
          fields={{ name: title }}
          label={acceptAll}
          about={`${acceptAll}: ${title}`}
        />
      )}
      {list(rows.slice(0, inSight))}
      {rest.length > 0 && (
        <details className="advice__rest">
          <summary>{rest.length} more</summary>
          {list(rest)}
        </details>
      )}
    </section>
  );
}

/** One advice: what, why, what it earns; one tap does it, and what says no asks why. */
function AdviceRow({ view, href }: { view: AdviceView; href: string }) {
  const { id, product, unit } = view;
  const name = `${view.title.split(",")[0]} ${product}`;
  const hidden = (
    <>
      <input type="hidden" name="subject" value={id} />
      <input type="hidden" name="name" value={name} />
    </>
  );
  return (
    <li className="advice__row">
      <h3 className="advice__what">
        <Anchor href={href}>{product}</Anchor> <span className="numeric">{view.what}</span>
      </h3>
      {view.fan && <Fan {...view.fan} bring={view.recommendedBase} />}
      <p className="small">{view.reasoning}</p>
      {view.gain && <p className="small advice__gain">{view.gain}</p>}
      <div className="advice__acts">
        <Form method="post" preventScrollReset>
          <input type="hidden" name="intent" value="accept" />
          {hidden}
          <Button type="submit" size="small" aria-label={`${view.accept}: ${product}, ${view.what}`}>
            {view.accept}
          </Button>
        </Form>
        {view.canChange && (
          <details className="ask-first">
            <summary className="ask-first__summary" aria-label={`Another amount of ${product}`}>
              Another amount
            </summary>
            <Form method="post" preventScrollReset className="ask-first__body advice__amount">
              <input type="hidden" name="intent" value="accept" />
              <input type="hidden" name="unit" value={unit} />
              {hidden}
              <InputField
                label="How much"
                name="amount"
                inputMode="decimal"
                numeric
                short
                required
                autoComplete="off"
                suffix={largeUnits[unit]}
                defaultValue={typedQuantity(view.recommendedBase, unit)}
              />
              <Button type="submit" tone="secondary" size="small">
                Take this
              </Button>
            </Form>
          </details>
        )}
        <details className="ask-first">
          <summary className="ask-first__summary" aria-label={`No: ${product}`}>
            No
          </summary>
          <div className="ask-first__body">
            <p className="small">Why not? It is remembered.</p>
            <div className="cluster">
              {refusals.map(({ value, label }) => (
                <Form key={value} method="post" preventScrollReset>
                  <input type="hidden" name="intent" value="reject" />
                  <input type="hidden" name="reason" value={value} />
                  {hidden}
                  <Button type="submit" tone="secondary" size="small" aria-label={`${label}: ${product}`}>
                    {label}
                  </Button>
                </Form>
              ))}
            </div>
          </div>
        </details>
      </div>
    </li>
  );
}

/** The likely demand as a bar, and where the advice stands in it. */
function Fan({ p10, p50, p90, bring, words: said }: NonNullable<AdviceView["fan"]> & { bring: number }) {
  const most = Math.max(p90, bring) * 1.1 || 1;
  const at = (value: number): string => `${(100 * value) / most}%`;
  return (
    <figure className="advice__fan">
      <div className="advice__scale" aria-hidden>
        <span className="advice__likely" style={{ left: at(p10), width: at(p90 - p10) }} />
        <span className="advice__middle" style={{ left: at(p50) }} />
        <span className="advice__bring" style={{ left: at(bring) }} />
      </div>
      <figcaption className="small soft">Wanted: {said}.</figcaption>
    </figure>
  );
}
