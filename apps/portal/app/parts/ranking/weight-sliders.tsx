import { useEffect, useId, useRef, useState } from "react";
import { moveShare, takeOverShares, type Shares } from "./shares.ts";
import { terms } from "./terms.ts";

/**
 * Five sliders that always sum to one: the others give way when one is moved, but for those that are held. The fields are
 * named after the terms and hold thousandths; without a script they are plain numbers and the server adds them up.
 */
export function WeightSliders({ start }: { start: Shares }) {
  const [shares, setShares] = useState(start);
  const [held, setHeld] = useState(() => terms.map(() => false));
  const id = useId();
  const served = useRef(start);
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const sliders = group.current?.querySelectorAll<HTMLInputElement>("input[type=range]") ?? [];
    const found = Array.from(sliders, (slider) => slider.valueAsNumber);
    setShares(takeOverShares(served.current, found));
  }, []);
  const move = (at: number, wanted: number): void => {
    if (Number.isFinite(wanted)) setShares(moveShare(shares, at, wanted, held));
  };
  return (
    <div ref={group} className="weight-sliders" role="group" aria-label="Weights, together 100&nbsp;%">
      {terms.map(({ key, label, hint }, at) => (
        <div key={key} className="weight-slider">
          <div className="weight-slider__words">
            <label htmlFor={`${id}${key}`} className="weight-slider__label">
              {label}
            </label>
            <span id={`${id}${key}-hint`} className="weight-slider__hint">
              {hint}
            </span>
          </div>
          <input
            id={`${id}${key}`}
            className={`weight-slider__range weight-slider__range--${key}`}
            type="range"
            min={0}
            max={1_000}
            // A coarser step would have the browser round what gave way, and the five would no longer sum to one.
            step={1}
            name={key}
            value={shares[at]}
            aria-describedby={`${id}${key}-hint`}
            aria-valuetext={`${shares[at]! / 10} percent`}
            onChange={(event) => move(at, event.currentTarget.valueAsNumber)}
            style={{ "--at": shares[at]! / 1_000 } as React.CSSProperties}
          />
          <output htmlFor={`${id}${key}`} className="weight-slider__value">
            {shares[at]! / 10}&nbsp;%
          </output>
          <label className="weight-slider__hold needs-script">
            <input
              type="checkbox"
              checked={held[at]}
              onChange={(event) => setHeld(held.with(at, event.currentTarget.checked))}
            />
            <span>
              Hold<span className="visually-hidden"> {label}</span>
            </span>
          </label>
        </div>
      ))}
    </div>
  );
}
