import { Anchor, Badge, Button, InputField, classNames, type Tone } from "@almanac/ui";
import { Form, useNavigation } from "@remix-run/react";
import { largeUnits, typedQuantity } from "../../server/request/fields.ts";
import { refusals, type AdviceView } from "../../server/advice/advice-views.ts";
import { portionsOf } from "../../portions.ts";
import type { AdviceGroup, ProductAdvice } from "../../server/advice/inbox.ts";
import { Act } from "../forms/act.tsx";

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

/** So many products are in sight; the others are one tap away. */
const inSight = 4;
/** So many more each tap shows of what can wait. */
const nextInSight = 8;

interface CardProps {
  group: AdviceGroup;
  /** Where the forecasts are. */
  forecasts: string;
}

/** Advice for one market day, product by product, and one button for what is loaded. */
export function AdviceCard({ group, forecasts }: CardProps) {
  const { title, priority, products, all } = group;
  const rest = products.slice(inSight);
  return (
    <section className="card advice">
      <div className="advice__head">
        <h2 className="advice__title">{title}</h2>
        <Badge tone={tones[priority]}>{words[priority]}</Badge>
      </div>
      {all && (
        <Act
          intent="acceptAll"
          subject={all.ids.join(",")}
          fields={{ name: title }}
          label={all.label}
          about={`${all.label}: ${title}`}
        />
      )}
      <ProductRows products={products.slice(0, inSight)} forecasts={forecasts} />
      {rest.length > 0 && (
        <details className="advice__rest">
          <summary>{rest.length} more</summary>
          <ProductRows products={rest} forecasts={forecasts} />
        </details>
      )}
    </section>
  );
}

/** What can be left undone without losing a market day: folded, with how much it is. */
export function LaterAdvice({ group, forecasts, isOpen }: CardProps & { isOpen: boolean }) {
  const pieces = group.products.reduce((sum, { rows }) => sum + rows.length, 0);
  return (
    <details className="card advice advice__rest advice__later" open={isOpen}>
      <summary>
        <h2 className="advice__title">{group.title}</h2> <span className="soft">{pieces} more</span>
      </summary>
      <Portions portions={portionsOf(group.products, inSight, nextInSight)} forecasts={forecasts} />
    </details>
  );
}

/** What is in sight, and behind one tap the next portion with its own: each fold opens a few more. */
function Portions({
  portions,
  forecasts,
}: {
  portions: readonly (readonly ProductAdvice[])[];
  forecasts: string;
}) {
  const [first = [], ...others] = portions;
  const hidden = others.flat().length;
  return (
    <>
      <ProductRows products={first} forecasts={forecasts} />
      {others.length > 0 && (
        <details className="advice__rest">
          <summary>
            Show {others[0]!.length} more{hidden > others[0]!.length && ` of ${hidden}`}
          </summary>
          <Portions portions={others} forecasts={forecasts} />
        </details>
      )}
    </>
  );
}

function ProductRows({ products, forecasts }: { products: readonly ProductAdvice[]; forecasts: string }) {
  return (
    <ul className="advice__rows">
      {products.map(({ productId, product, rows }) => (
        <li key={productId} className="advice__product">
          <h3 className="advice__name">
            <Anchor href={`${forecasts}/${productId}`}>{product}</Anchor>
          </h3>
          {rows.map((view) => (
            <AdviceRow key={view.id} view={view} />
          ))}
        </li>
      ))}
    </ul>
  );
}

/**
 * One advice: what, why, what it earns; one tap does it, and what says no asks why. Once answered it takes no second answer until
 * the page is read again and it is gone.
 */
function AdviceRow({ view }: { view: AdviceView }) {
  const { id, product, unit, kind } = view;
  const { state, formData } = useNavigation();
  const isAnswered = state !== "idle" && formData?.get("subject") === id;
  const name = `${kind} ${product}`;
  const hidden = (
    <>
      <input type="hidden" name="subject" value={id} />
      <input type="hidden" name="name" value={name} />
    </>
  );
  return (
    <div className={classNames("advice__row", isAnswered && "advice__row--answered")} aria-busy={isAnswered}>
      <p className="advice__what">
        <span>{kind}</span> <span className="numeric">{view.what}</span>
      </p>
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
            <summary className="ask-first__summary" aria-label={`Another amount: ${name}`}>
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
          <summary className="ask-first__summary" aria-label={`No: ${name}`}>
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
                  <Button type="submit" tone="secondary" size="small" aria-label={`${label}: ${name}`}>
                    {label}
                  </Button>
                </Form>
              ))}
            </div>
          </div>
        </details>
      </div>
    </div>
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
