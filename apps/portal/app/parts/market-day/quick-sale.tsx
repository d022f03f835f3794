import { newEventId } from "@almanac/client/react";
import { formatCents, priceForQuantity } from "@almanac/kernel";
import { Button, Card, InputField, Picture, classNames, type PictureName } from "@almanac/ui";
import { Form, useNavigation } from "@remix-run/react";
import { useEffect, useRef, useState, type ChangeEvent } from "react";
import type { FormState, Outcome } from "../../outcome.ts";
import { Keypad } from "./keypad.tsx";

export interface Goods {
  readonly id: string;
  readonly name: string;
  readonly how: string;
  readonly picture: PictureName;
  /** "4.90 / kg" */
  readonly price: string;
  readonly unitPriceCents: number;
  readonly unitPricePer: number;
  readonly measure: { readonly unit: string; readonly base: number; readonly isCounted: boolean };
  readonly left: string;
  readonly isOut: boolean;
}

export interface QuickSaleProps {
  readonly marketId: string;
  readonly goods: readonly Goods[];
  /** Sent with the form where there is no script, so that pressing twice sells once; a script makes one for each sale. */
  readonly newKey: string;
  readonly form: FormState;
  /** Without a connection nothing can be sold; what it would come to is still told. */
  readonly isWaiting: boolean;
  /** The latest sale that went through. */
  readonly sold: Outcome | undefined;
}

/**
 * One sale: what, how much, cash or card. It is one form, so that it works by keyboard and without a script; the script
 * adds the keypad and what it comes to. Nothing is chosen before somebody chooses it. On a phone what is paid stays in sight
 * below the goods: one line of it until something is chosen, so that the goods can be seen.
 */
export function QuickSale({ marketId, goods, newKey, form, isWaiting, sold }: QuickSaleProps) {
  const { state, formData } = useNavigation();
  const [chosen, setChosen] = useState(form.value("variant"));
  const [amount, setAmount] = useState(form.value("amount"));
  const [key, setKey] = useState(form.value("key", newKey));
  const [cleared, setCleared] = useState(sold);
  // Cleared when the sale is through, not when the page has been read again: by then the next buyer's may be typed.
  if (sold !== undefined && sold !== cleared) {
    setCleared(sold);
    setChosen("");
    setAmount("");
    setKey(newEventId());
  }
  const own = useRef<HTMLFormElement>(null);
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    setLive(true);
    // What was tapped and typed before the script was there is taken over.
    const before = new FormData(own.current!);
    const take = (name: string, set: (value: string) => void): void => {
      const value = before.get(name);
      if (typeof value === "string" && value !== "") set(value);
    };
    take("variant", setChosen);
    take("amount", setAmount);
  }, []);
  useEffect(() => {
    // A page that was kept for where there is no signal may have sold something by its key before.
    setKey((known) => (known === newKey ? newEventId() : known));
  }, [newKey]);
  const isSelling = state !== "idle" && formData?.get("intent") === "sell";
  const one = goods.find(({ id }) => id === chosen);
  const total = one && totalOf(one, amount);
  const hint = isWaiting ? "Tap for what it comes to" : "Tap what is sold";
  return (
    <Form ref={own} method="post" className="quick-sale" preventScrollReset>
      <input type="hidden" name="intent" value="sell" />
      <input type="hidden" name="market" value={marketId} />
      <input type="hidden" name="key" value={key} />
      <fieldset className="goods">
        <legend className="field__label">What is sold</legend>
        {goods.map((item) => (
          <label key={item.id} className="goods__one">
            <input
              type="radio"
              name="variant"
              value={item.id}
              required
              className="goods__radio"
              checked={item.id === chosen}
              disabled={item.isOut}
              onChange={(event) => {
                setChosen(item.id);
                setAmount("");
                askHowMuch(event);
              }}
            />
            <Picture className="goods__picture" shape="thumb" name={item.picture} alt="" />
            <span className="goods__name">{item.name}</span>
            <span className="goods__how small soft">
              {item.how}, <span className="nowrap">{item.price}</span>
            </span>
            <span className={item.isOut ? "goods__left small warm" : "goods__left small"}>
              {item.isOut ? "sold out" : `${item.left} left`}
            </span>
          </label>
        ))}
      </fieldset>
      <Card className={classNames("quick-sale__pay", isLive && !one && "quick-sale__pay--waiting")}>
        <InputField
          label={isLive ? `How much${one ? ` ${one.name}` : ""}` : "How much, in kg or pieces"}
          name="amount"
          inputMode="decimal"
          numeric
          required
          autoComplete="off"
          suffix={isLive ? one?.measure.unit : undefined}
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
          error={form.problem("amount")}
        />
        {isLive && (
          <Keypad
            hasPoint={!one?.measure.isCounted}
            onPress={(key) => setAmount((text) => typed(text, key))}
          />
        )}
        <output
          className={one ? "quick-sale__total numeric" : "quick-sale__total quick-sale__total--hint soft"}
          aria-live="polite"
        >
          {total === undefined ? (one ? "" : hint) : formatCents(total)}
        </output>
        <div className="quick-sale__tenders">
          <Button type="submit" name="tender" value="cash" disabled={isWaiting} size="large" busy={isSelling}>
            Cash
          </Button>
          <Button
            type="submit"
            name="tender"
            value="card"
            disabled={isWaiting}
            size="large"
            tone="secondary"
            busy={isSelling}
          >
            Card
          </Button>
        </div>
      </Card>
    </Form>
  );
}

/** Where there is room for a keypad on the page, see stall.css. */
const hasKeypad = "(min-width: 48rem)";

/** A phone has a keypad of its own, which comes with the field. */
function askHowMuch({ currentTarget }: ChangeEvent<HTMLInputElement>): void {
  const field = currentTarget.form?.elements.namedItem("amount");
  if (field instanceof HTMLElement && !window.matchMedia(hasKeypad).matches)
    field.focus({ preventScroll: true });
}

/** In cents; `undefined` while what is typed is no quantity. */
function totalOf({ unitPriceCents, unitPricePer, measure }: Goods, amount: string): number | undefined {
  const value = Number(amount.replace(",", "."));
  if (amount.trim() === "" || !Number.isFinite(value) || value <= 0 || value > 10_000) return undefined;
  return priceForQuantity(unitPriceCents, unitPricePer, Math.round(value * measure.base));
}

function typed(text: string, key: string): string {
  if (key === "back") return text.slice(0, -1);
  if (key === "." && /[.,]/.test(text)) return text;
  return (text + key).slice(0, 8);
}
