import { useId } from "react";
import { Icon } from "../icons/icon.tsx";

export interface QuantityStepperProps {
  /** Of what: "Heirloom tomatoes". */
  label: string;
  /** Form name of the number. */
  name?: string;
  /** Form name of the buttons; a press without a script submits `<stepName>=-1` or `1` (times `step`). */
  stepName?: string;
  value: number;
  min?: number;
  max?: number;
  step?: number;
  unit?: string;
  disabled?: boolean;
  /** With it the buttons call this in place of submitting the form. */
  onChange?: (value: number) => void;
}

/** Less, the number, more. In a form it works without a script; with `onChange` it is controlled. */
export function QuantityStepper(props: QuantityStepperProps) {
  const {
    label,
    name = "quantity",
    stepName = "step",
    value,
    min = 0,
    max,
    step = 1,
    unit,
    disabled,
    onChange,
  } = props;
  const id = useId();
  const press = (delta: number) => ({
    type: onChange ? ("button" as const) : ("submit" as const),
    name: onChange ? undefined : stepName,
    value: delta,
    disabled: disabled === true || value + delta < min || (max !== undefined && value + delta > max),
    onClick: onChange && (() => onChange(value + delta)),
  });
  const limits = { min, max, step, disabled };
  return (
    <div className="quantity" role="group" aria-label={`Quantity of ${label}`}>
      <button className="quantity__step" aria-label={`Less ${label}`} {...press(-step)}>
        <Icon name="minus" />
      </button>
      <label className="visually-hidden" htmlFor={id}>
        Quantity of {label}
        {unit && `, ${unit}`}
      </label>
      {onChange ? (
        <input
          {...limits}
          id={id}
          className="quantity__input"
          type="number"
          name={name}
          value={value}
          onChange={(event) => {
            const typed = event.target.valueAsNumber;
            if (Number.isFinite(typed)) onChange(Math.min(max ?? typed, Math.max(min, typed)));
          }}
        />
      ) : (
        <input
          {...limits}
          id={id}
          key={value}
          className="quantity__input"
          type="number"
          name={name}
          defaultValue={value}
        />
      )}
      {unit && (
        <span className="quantity__unit" aria-hidden>
          {unit}
        </span>
      )}
      <button className="quantity__step" aria-label={`More ${label}`} {...press(step)}>
        <Icon name="plus" />
      </button>
    </div>
  );
}
