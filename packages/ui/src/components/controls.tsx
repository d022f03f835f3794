import { forwardRef } from "react";
import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { classNames } from "./class-names.ts";
import { Field } from "./field.tsx";
import type { FieldProps } from "./field.tsx";

export interface InputProps extends InputHTMLAttributes<HTMLInputElement> {
  /** Digits stand under each other, and to the right. */
  numeric?: boolean;
  /** About nine characters wide. */
  short?: boolean;
  /** A unit or sign after the field: "kg", "%". */
  suffix?: ReactNode;
}

export const Input = forwardRef<HTMLInputElement, InputProps>(function Input(
  { numeric, short, suffix, className, type = "text", ...rest },
  ref,
) {
  const input = (
    <input
      ref={ref}
      type={type}
      className={classNames("input", numeric && "input--numeric", short && "input--short", className)}
      {...rest}
    />
  );
  if (suffix === undefined) return input;
  return (
    <span className="input-affix">
      {input}
      <span className="input-affix__text">{suffix}</span>
    </span>
  );
});

export interface SelectOption {
  value: string;
  label: string;
  disabled?: boolean;
}

export interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  /** In place of `<option>` children. */
  options?: readonly SelectOption[];
}

export const Select = forwardRef<HTMLSelectElement, SelectProps>(function Select(
  { options, className, children, ...rest },
  ref,
) {
  return (
    <select ref={ref} className={classNames("input", className)} {...rest}>
      {options?.map((option) => (
        <option key={option.value} value={option.value} disabled={option.disabled}>
          {option.label}
        </option>
      ))}
      {children}
    </select>
  );
});

export const Textarea = forwardRef<HTMLTextAreaElement, TextareaHTMLAttributes<HTMLTextAreaElement>>(
  function Textarea({ className, ...rest }, ref) {
    return <textarea ref={ref} className={classNames("input", className)} {...rest} />;
  },
);

type FieldParts = Pick<FieldProps, "label" | "hint" | "error" | "optional">;

/** `Field` and `Input` in one. */
export function InputField({
  label,
  hint,
  error,
  optional,
  required,
  id,
  ...input
}: FieldParts & InputProps) {
  return (
    <Field {...{ label, hint, error, optional, required, id }}>
      {(control) => <Input {...input} {...control} />}
    </Field>
  );
}

/** `Field` and `Select` in one. */
export function SelectField({
  label,
  hint,
  error,
  optional,
  required,
  id,
  ...select
}: FieldParts & SelectProps) {
  return (
    <Field {...{ label, hint, error, optional, required, id }}>
      {(control) => <Select {...select} {...control} />}
    </Field>
  );
}

type TextareaFieldProps = FieldParts & TextareaHTMLAttributes<HTMLTextAreaElement>;

/** `Field` and `Textarea` in one. */
export function TextareaField({
  label,
  hint,
  error,
  optional,
  required,
  id,
  ...textarea
}: TextareaFieldProps) {
  return (
    <Field {...{ label, hint, error, optional, required, id }}>
      {(control) => <Textarea {...textarea} {...control} />}
    </Field>
  );
}

export interface ChoiceProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "type"> {
  label: ReactNode;
  hint?: ReactNode;
}

/** A tick box with its label; the whole line can be pressed. */
export function Checkbox(props: ChoiceProps) {
  return <Choice type="checkbox" {...props} />;
}

/** One of several; give all the same `name` and put them in a `Fieldset`. */
export function Radio(props: ChoiceProps) {
  return <Choice type="radio" {...props} />;
}

function Choice({ label, hint, className, ...input }: ChoiceProps & { type: "checkbox" | "radio" }) {
  return (
    <label className={classNames("choice", className)}>
      <input className="choice__box" {...input} />
      <span className="choice__text">
        <span>{label}</span>
        {hint && <span className="choice__hint">{hint}</span>}
      </span>
    </label>
  );
}

/** On or off, at once. In a form it is a tick box, so it works without a script. */
export function Switch({ label, hint, className, ...input }: ChoiceProps) {
  return (
    <label className={classNames("switch", className)}>
      <span className="choice__text">
        <span>{label}</span>
        {hint && <span className="choice__hint">{hint}</span>}
      </span>
      <input className="switch__track" type="checkbox" role="switch" {...input} />
    </label>
  );
}
