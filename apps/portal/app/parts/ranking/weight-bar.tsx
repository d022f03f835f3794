import type { CSSProperties } from "react";
import { percent, terms, type Weights } from "./terms.ts";

/** Five weights as one bar, with all of them in words for who cannot see it. */
export function WeightBar({ weights, legend = false }: { weights: Weights; legend?: boolean }) {
  const words = terms.map(({ key, label }) => `${label} ${percent(weights[key])}`).join(", ");
  return (
    <div className="weight-bar-frame">
      <div className="weight-bar" role="img" aria-label={words}>
        {terms.map(({ key }) => (
          <span
            key={key}
            className={`weight-bar__part weight-bar__part--${key}`}
            style={{ "--share": weights[key] } as CSSProperties}
          />
        ))}
      </div>
      {legend && (
        <ul className="weight-legend" aria-hidden>
          {terms.map(({ key, label }) => (
            <li key={key} className="weight-legend__item">
              <span className={`weight-legend__dot weight-bar__part--${key}`} />
              {label} <strong>{percent(weights[key])}</strong>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
