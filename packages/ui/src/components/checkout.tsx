import type { CSSProperties, ReactNode } from "react";
import { Icon } from "../icons/icon.tsx";
import type { IconName } from "../icons/icon-paths.ts";
import { Anchor } from "./anchor.tsx";
import { classNames } from "./class-names.ts";

export interface StepperProps {
  label: string;
  steps: readonly { label: string; href?: string }[];
  /** 0-based. */
  current: number;
}

/** Where one is on the way through the checkout. Steps already done can be gone back to. */
export function Stepper({ label, steps, current }: StepperProps) {
  return (
    <nav aria-label={label}>
      <ol className="steps">
        {steps.map((step, index) => (
          <li
            key={step.label}
            className={classNames(
              "steps__item",
              index < current && "steps__item--done",
              index === current && "steps__item--current",
            )}
            aria-current={index === current ? "step" : undefined}
          >
            {step.href && index < current ? <Anchor href={step.href}>{step.label}</Anchor> : step.label}
          </li>
        ))}
      </ol>
    </nav>
  );
}

export interface PickupSlot {
  id: string;
  /** "11:00". */
  time: string;
  /** "Saturday 16 August"; for slots of several days. */
  day?: string;
  capacity: number;
  left: number;
}

export interface SlotPickerProps {
  legend: ReactNode;
  name: string;
  slots: readonly PickupSlot[];
  defaultValue?: string;
  required?: boolean;
  /** At or under this many places a slot says how many are left. */
  fewLeft?: number;
  onChange?: (slotId: string) => void;
}

type TakenStyle = CSSProperties & { "--taken": number };

/** Radio cards with the places that are left. A full slot cannot be taken and says so. */
export function SlotPicker({
  legend,
  name,
  slots,
  defaultValue,
  required,
  fewLeft = 5,
  onChange,
}: SlotPickerProps) {
  return (
    <fieldset className="fieldset">
      <legend className="fieldset__legend">{legend}</legend>
      <div className="slots">
        {slots.map((slot) => {
          const style: TakenStyle = { "--taken": slot.capacity > 0 ? 1 - slot.left / slot.capacity : 1 };
          return (
            <label key={slot.id} className="slot">
              <input
                type="radio"
                name={name}
                value={slot.id}
                defaultChecked={slot.id === defaultValue}
                disabled={slot.left <= 0}
                required={required}
                onChange={onChange && (() => onChange(slot.id))}
              />
              {slot.day && <span className="small soft">{slot.day}</span>}
              <span className="slot__time">{slot.time}</span>
              <span
                className={classNames(
                  "slot__left",
                  slot.left > 0 && slot.left <= fewLeft && "slot__left--few",
                )}
              >
                {placesLeft(slot.left, fewLeft)}
              </span>
              <span className="slot__meter" aria-hidden style={style}>
                <span className="slot__fill" style={{ display: "block" }} />
              </span>
              <Icon name="check" className="slot__mark" />
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

function placesLeft(left: number, fewLeft: number): string {
  if (left <= 0) return "full";
  if (left === 1) return "1 place left";
  return left <= fewLeft ? `${left} places left` : `${left} places`;
}

export interface TimelineItem {
  title: ReactNode;
  detail?: ReactNode;
  /** `stopped` is a cancellation or a failure. */
  state: "done" | "current" | "upcoming" | "stopped";
}

const stateWords = { done: "done", current: "now", upcoming: "to come", stopped: "stopped" } as const;
const stateIcons: Partial<Record<TimelineItem["state"], IconName>> = { done: "check", stopped: "close" };

/** The way of an order, in order. */
export function Timeline({ items, label }: { items: readonly TimelineItem[]; label: string }) {
  return (
    <ol className="timeline" aria-label={label}>
      {items.map((item, index) => {
        const icon = stateIcons[item.state];
        return (
          <li
            key={index}
            className={`timeline__item timeline__item--${item.state}`}
            aria-current={item.state === "current" ? "step" : undefined}
          >
            <span className="timeline__mark">{icon && <Icon name={icon} />}</span>
            <span className="timeline__title">
              {item.title} <span className="visually-hidden">({stateWords[item.state]})</span>
            </span>
            {item.detail && <span className="timeline__detail">{item.detail}</span>}
          </li>
        );
      })}
    </ol>
  );
}
