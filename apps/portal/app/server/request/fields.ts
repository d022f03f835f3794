import { baseUnits, type BaseUnit } from "@almanac/kernel";
import { readMonthDay } from "../words/month-days.ts";

/** What is wrong with a form, by field. */
export class FormProblem extends Error {
  override readonly name = "FormProblem";
  readonly problems: Readonly<Record<string, string>>;

  constructor(problems: Readonly<Record<string, string>>) {
    super("The form has to be put right.");
    this.problems = problems;
  }
}

/**
 * Reads a form field by field. What cannot be read is noted, and `done` refuses the form with all of it at once. What a
 * method answers for a field with a problem is of no use and never leaves, as `done` throws.
 */
export class Fields {
  readonly #data: FormData;
  readonly #problems: Record<string, string> = {};

  constructor(data: FormData) {
    this.#data = data;
  }

  /** Trimmed; empty when absent. */
  text(name: string, { required }: { required?: string } = {}): string {
    const value = this.#data.get(name);
    const text = typeof value === "string" ? value.replaceAll("\r\n", "\n").trim() : "";
    if (required !== undefined && text === "") this.wrong(name, required);
    return text;
  }

  /** `undefined` when left empty. */
  optional(name: string): string | undefined {
    return this.text(name) || undefined;
  }

  oneOf<const Options extends readonly string[]>(name: string, options: Options): Options[number] {
    const text = this.text(name);
    const found = options.find((option) => option === text);
    if (found === undefined) this.wrong(name, "Choose one.");
    return found ?? options[0]!;
  }

  all(name: string): string[] {
    return this.#data.getAll(name).filter((value) => typeof value === "string");
  }

  ticked(name: string): boolean {
    return this.#data.get(name) !== null;
  }

  file(name: string): File | undefined {
    const value = this.#data.get(name);
    return value instanceof File && value.size > 0 ? value : undefined;
  }

  whole(name: string, { min, max }: { min: number; max: number }): number {
    const text = this.text(name);
    const value = Number(text);
    if (text !== "" && Number.isInteger(value) && value >= min && value <= max) return value;
    this.wrong(name, `A whole number from ${min} to ${max}.`);
    return min;
  }

  decimal(name: string, { min, max }: { min: number; max: number }): number {
    const value = decimalOf(this.text(name));
    if (value !== undefined && value >= min && value <= max) return value;
    this.wrong(name, `A number from ${min} to ${max}.`);
    return min;
  }

  /** "15 July" as "07-15". */
  monthDay(name: string): string {
    const monthDay = readMonthDay(this.text(name));
    if (monthDay === undefined) this.wrong(name, "A day such as 15 July.");
    return monthDay ?? "";
  }

  /** "4.90" or "4,90" as 490 cents. */
  cents(name: string): number {
    const match = /^(\d{1,6})(?:[.,](\d{1,2}))?$/.exec(this.text(name));
    if (match) return Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
    this.wrong(name, "An amount such as 4.90.");
    return 0;
  }

  /** "1.5" kilograms as 1500 grams, "0.75" litres as 750 millilitres, "3" pieces as 3. Not negative. */
  quantity(name: string, unit: BaseUnit): number {
    const value = decimalOf(this.text(name));
    const base = value === undefined ? undefined : unit === "piece" ? value : Math.round(value * 1_000);
    if (base !== undefined && Number.isInteger(base) && base >= 0 && base <= 100_000_000) return base;
    this.wrong(
      name,
      unit === "piece" ? "A whole number, such as 12." : `An amount in ${largeUnits[unit]}, such as 1.5.`,
    );
    return 0;
  }

  wrong(name: string, problem: string): void {
    this.#problems[name] ??= problem;
  }

  /** @throws FormProblem when something could not be read */
  done(): void {
    if (Object.keys(this.#problems).length > 0) throw new FormProblem(this.#problems);
  }

  /** What was typed, without files and secrets. */
  values(): Record<string, string> {
    const entries = [...this.#data].filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && entry[0] !== "password",
    );
    return Object.fromEntries(entries);
  }
}

/** The unit in which people type amounts. */
export const largeUnits: Readonly<Record<BaseUnit, string>> = { g: "kg", ml: "l", piece: "pieces" };

/** A unit that came with a form; pieces for what is none. */
export function unitOf(text: string): BaseUnit {
  return baseUnits.find((unit) => unit === text) ?? "piece";
}

/** 1500 g as "1.5": what a field for kilograms starts with. */
export function typedQuantity(base: number, unit: BaseUnit): string {
  return unit === "piece" ? String(base) : String(Math.round(base) / 1_000);
}

function decimalOf(text: string): number | undefined {
  return /^-?\d{1,9}(?:[.,]\d{1,20})?$/.test(text) ? Number(text.replace(",", ".")) : undefined;
}
