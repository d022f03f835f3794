import type { CSSProperties } from "react";

export interface RatingStarsProps {
  /** 0 to 5; the last star may be filled in part. */
  value: number;
  /** How many people rated. */
  count?: number;
}

type FillStyle = CSSProperties & { "--fill": string };

/** Stars for reading. A screen reader hears "4.6 of 5 stars, 12 ratings". */
export function RatingStars({ value, count }: RatingStarsProps) {
  const said = `${value.toFixed(1)} of 5 stars${count === undefined ? "" : `, ${count} ${count === 1 ? "rating" : "ratings"}`}`;
  return (
    <span className="rating">
      <span className="rating__stars" role="img" aria-label={said}>
        {[0, 1, 2, 3, 4].map((star) => {
          const style: FillStyle = { "--fill": `${Math.min(1, Math.max(0, value - star)) * 100}%` };
          return <span key={star} className="rating__star" style={style} />;
        })}
      </span>
      <span className="numeric" aria-hidden>
        {value.toFixed(1)}
        {count !== undefined && ` (${count})`}
      </span>
    </span>
  );
}

export interface RatingInputProps {
  legend: string;
  name: string;
  /** 1 to 5. */
  defaultValue?: number;
  required?: boolean;
  onChange?: (value: number) => void;
}

const starWords = ["1 star, poor", "2 stars", "3 stars, fine", "4 stars", "5 stars, excellent"] as const;

/** Five radio buttons that look like stars: arrow keys, labels and forms work as with any radio. */
export function RatingInput({ legend, name, defaultValue, required, onChange }: RatingInputProps) {
  return (
    <fieldset className="rating-input">
      <legend className="field__label">{legend}</legend>
      <div className="rating-input__stars">
        {starWords.map((words, index) => (
          <label key={words} className="rating-input__choice" title={words}>
            <input
              type="radio"
              name={name}
              value={index + 1}
              defaultChecked={defaultValue === index + 1}
              required={required}
              onChange={onChange && (() => onChange(index + 1))}
            />
            <span className="rating-input__star" aria-hidden />
            <span className="visually-hidden">{words}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
