import { classNames } from "./class-names.ts";

export interface PriceProps {
  /** Whole cents. */
  cents: number;
  /** "/kg", "bunch", "500 g". */
  unit?: string;
  /** The price before a drop, struck through and said in words. */
  wasCents?: number;
  /** Sign before the amount; by default none. */
  sign?: string;
  /** `plain` keeps the size of the text around it. */
  size?: "normal" | "large" | "plain";
  className?: string;
}

/** An amount in the display face with its unit. */
export function Price({ cents, unit, wasCents, sign = "", size = "normal", className }: PriceProps) {
  const dropped = wasCents !== undefined && wasCents > cents;
  return (
    <span
      className={classNames(
        "price",
        size !== "normal" && `price--${size}`,
        dropped && "price--dropped",
        className,
      )}
    >
      <span className="price__amount">{amountOf(cents, sign)}</span>
      {unit && <span className="price__unit">{unit}</span>}
      {dropped && (
        <del className="price__was">
          <span className="visually-hidden">before: </span>
          {amountOf(wasCents, sign)}
        </del>
      )}
    </span>
  );
}

/** "-4.90" for -490, "1,234.56" for 123,456; the kernel's own, for forms and mails, groups nothing. */
export function amountOf(cents: number, sign = ""): string {
  const magnitude = Math.abs(Math.round(cents));
  const whole = String(Math.floor(magnitude / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  const text = `${sign}${whole}.${String(magnitude % 100).padStart(2, "0")}`;
  return cents < 0 ? `-${text}` : text;
}
