import { useId } from "react";
import type { CSSProperties, ReactNode } from "react";
import type { IconName } from "../icons/icon-paths.ts";
import { Icon } from "../icons/icon.tsx";
import type { Tone } from "./badge.tsx";
import { classNames } from "./class-names.ts";
import { Popover, popoverTarget } from "./popover.tsx";

/** One part of a score. */
export interface Contribution {
  /** In words a neighbour would use: "Often bought by people who buy eggs". */
  label: string;
  /** How much it adds; negative when it speaks against. The bars are drawn relative to the largest. */
  value: number;
  /** Written at the end of the bar; by default the value with two decimals. */
  valueText?: string;
  detail?: string;
}

export interface ExplainBarsProps {
  contributions: readonly Contribution[];
  sentence?: ReactNode;
  /** Below the bars: what they add up to, when it was computed. */
  foot?: ReactNode;
}

type ShareStyle = CSSProperties & { "--share": number };

/** Why something is shown, as bars with their numbers. */
export function ExplainBars({ contributions, sentence, foot }: ExplainBarsProps) {
  const largest = Math.max(...contributions.map((part) => Math.abs(part.value)), Number.MIN_VALUE);
  return (
    <div className="explain">
      {sentence && <p className="explain__sentence">{sentence}</p>}
      <ul className="explain__rows">
        {contributions.map((part) => {
          const style: ShareStyle = { "--share": Math.abs(part.value) / largest };
          return (
            <li
              key={part.label}
              className={classNames("explain__row", part.value < 0 && "explain__row--against")}
            >
              <span className="explain__label">{part.label}</span>
              <span className="explain__value">{part.valueText ?? part.value.toFixed(2)}</span>
              <span className="explain__bar" aria-hidden style={style}>
                <span className="explain__fill" style={{ display: "block" }} />
              </span>
              {part.detail && <span className="explain__detail">{part.detail}</span>}
            </li>
          );
        })}
      </ul>
      {foot && <p className="explain__foot">{foot}</p>}
    </div>
  );
}

export interface Reason {
  /** "Peak now", "Goes with your eggs", "2 weeks left". */
  text: string;
  tone?: Tone;
  icon?: IconName;
  /** Makes the badge a button that opens this. */
  explain?: ExplainBarsProps;
}

export interface ReasonBadgeProps {
  reason: Reason;
  /** What is being explained: "Heirloom tomatoes". */
  about: string;
}

/** The reason on a card. With an explanation it is a button; the explanation opens without a script. */
export function ReasonBadge({ reason, about }: ReasonBadgeProps) {
  const id = useId();
  const tone = reason.tone ?? "good";
  const look = classNames("badge", tone !== "calm" && `badge--${tone}`);
  const content = (
    <>
      {reason.icon && <Icon name={reason.icon} />}
      <span className="badge__text">{reason.text}</span>
    </>
  );
  if (!reason.explain) return <span className={look}>{content}</span>;
  return (
    <>
      <button
        type="button"
        className={classNames(look, "reason")}
        aria-label={`${reason.text}: why ${about}?`}
        {...popoverTarget(id)}
      >
        {content}
      </button>
      <Popover id={id} title={`Why ${about}?`}>
        <ExplainBars {...reason.explain} />
      </Popover>
    </>
  );
}
