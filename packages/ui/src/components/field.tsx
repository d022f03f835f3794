import { useId, useRef } from "react";
import type { ReactNode } from "react";
import { useErrorFocus } from "../focus/error-focus.ts";
import { Icon } from "../icons/icon.tsx";
import { Anchor } from "./anchor.tsx";
import { classNames } from "./class-names.ts";

/** What a control needs so that label, hint and error belong to it. Spread it on the control. */
export interface ControlProps {
  id: string;
  required?: boolean;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

export interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong and how to put it right; shown under the control and tied to it. */
  error?: ReactNode;
  required?: boolean;
  /** Writes "(optional)" after the label. */
  optional?: boolean;
  id?: string;
  className?: string;
  children: (control: ControlProps) => ReactNode;
}

/** Label, control, hint and error, tied together for a screen reader. */
export function Field({ label, hint, error, required, optional, id, className, children }: FieldProps) {
  const generatedId = useId();
  const controlId = id ?? generatedId;
  const hintId = hint ? `${controlId}-hint` : undefined;
  const errorId = error ? `${controlId}-error` : undefined;
  return (
    <div className={classNames("field", className)}>
      <label className="field__label" htmlFor={controlId}>
        {label} {optional && <span className="field__optional">(optional)</span>}
      </label>
      {hint && (
        <p className="field__hint" id={hintId}>
          {hint}
        </p>
      )}
      {children({
        id: controlId,
        required: required || undefined,
        "aria-describedby": classNames(hintId, errorId) || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {error && (
        <p className="field__error" id={errorId}>
          <Icon name="alert" />
          <span>{error}</span>
        </p>
      )}
    </div>
  );
}

export interface FieldsetProps {
  legend: ReactNode;
  hint?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Fieldset({ legend, hint, children, className }: FieldsetProps) {
  return (
    <fieldset className={classNames("fieldset", className)}>
      <legend className="fieldset__legend">{legend}</legend>
      {hint && <p className="field__hint">{hint}</p>}
      {children}
    </fieldset>
  );
}

export interface FormErrorProps {
  title: ReactNode;
  /** One line per field that has to be put right, each leading to its control. */
  items?: readonly { fieldId?: string; text: string }[];
  children?: ReactNode;
}

/**
 * What stopped the form, above it. It is announced, the focus goes to what has to be put right, and what was typed stays
 * where it is.
 */
export function FormError({ title, items = [], children }: FormErrorProps) {
  const box = useRef<HTMLDivElement>(null);
  const said = [typeof title === "string" ? title : "", ...items.map(({ text }) => text)].join("\n");
  useErrorFocus(box, said);
  return (
    <div className="form-error" role="alert" ref={box} tabIndex={-1}>
      <p className="form-error__title">{title}</p>
      {children}
      {items.length > 0 && (
        <ul>
          {items.map((item) => (
            <li key={`${item.fieldId ?? ""}${item.text}`}>
              {item.fieldId ? <Anchor href={`#${item.fieldId}`}>{item.text}</Anchor> : item.text}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
