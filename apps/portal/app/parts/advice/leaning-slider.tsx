import { Button } from "@almanac/ui";
import { Form, useFetcher } from "@remix-run/react";
import { useState } from "react";

export interface BringPreview {
  readonly key: string;
  readonly name: string;
  readonly day: string;
  readonly amount: string;
  /** What kept it from being more. */
  readonly limit: "van" | "hands" | null;
}

/**
 * "Rather sell out" to "rather never run out": while it moves, the quantities of the next market days move with it, and
 * nothing is kept before the button is pressed. Without a script the button alone does it. A screen reader hears the slider's
 * own words at each step; the quantities wait below to be read.
 */
export function LeaningSlider({ leaning, preview }: { leaning: number; preview: readonly BringPreview[] }) {
  const [value, setValue] = useState(leaning);
  const fetcher = useFetcher<{ previewed: number; preview: readonly BringPreview[] }>();
  const { preview: shown, previewed } = fetcher.data ?? { preview, previewed: leaning };
  const look = (next: number): void => {
    setValue(next);
    // `index`: the page itself, not the frame around it.
    fetcher.load(`?index&leaning=${next}`);
  };
  return (
    <Form method="post" className="leaning" preventScrollReset>
      <input type="hidden" name="intent" value="lean" />
      <label className="leaning__label" htmlFor="leaning">
        What would you rather?
      </label>
      <input
        id="leaning"
        className="leaning__slider"
        type="range"
        name="leaning"
        min={-100}
        max={100}
        step={10}
        value={value}
        aria-valuetext={leaningWords(value)}
        onChange={(event) => look(Number(event.currentTarget.value))}
      />
      <div className="leaning__ends small soft" aria-hidden>
        <span>sell out</span>
        <span>never run out</span>
      </div>
      {shown.length > 0 && (
        <ul className="leaning__list" aria-label="What to bring" data-leaning={previewed}>
          {shown.map((one) => (
            <li key={one.key}>
              <span>
                {one.name} <span className="soft small">{one.day}</span>
              </span>
              <span className="numeric">
                {one.amount}
                {one.limit && (
                  <span className="soft small">
                    {one.limit === "van" ? " (van full)" : " (no hands for more)"}
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className="cluster">
        <Button type="submit" tone="secondary" size="small">
          {value === leaning ? "Work it out again" : "Keep this"}
        </Button>
      </div>
    </Form>
  );
}

function leaningWords(value: number): string {
  if (value === 0) return "by what pays best";
  const strength = Math.abs(value) > 60 ? "much " : Math.abs(value) < 40 ? "a little " : "";
  return value < 0 ? `${strength}rather sell out` : `${strength}rather never run out`;
}
