import { Icon } from "@almanac/ui";

export interface KeypadProps {
  /** For kilograms and litres. */
  readonly hasPoint: boolean;
  /** "0" to "9", "." or "back". */
  readonly onPress: (key: string) => void;
}

/** Digits for thumbs. The field above takes the keyboard as well. */
export function Keypad({ hasPoint, onPress }: KeypadProps) {
  const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", hasPoint ? "." : "", "0", "back"];
  return (
    <div className="keypad" role="group" aria-label="Keypad">
      {keys.map((key) =>
        key === "" ? (
          <span key="none" />
        ) : (
          <button
            key={key}
            type="button"
            className="keypad__key"
            aria-label={key === "back" ? "Take the last digit back" : key === "." ? "Point" : undefined}
            onClick={() => onPress(key)}
          >
            {key === "back" ? <Icon name="undo" /> : key}
          </button>
        ),
      )}
    </div>
  );
}
