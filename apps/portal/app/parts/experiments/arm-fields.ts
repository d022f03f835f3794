import type { Fields } from "../../server/request/fields.ts";

/** One arm as the form has it. */
export interface TypedArm {
  readonly key: string;
  readonly name: string;
  readonly weight: number;
  readonly config: Record<string, string | number | boolean>;
}

/** How many arms the form has room for; those without a key are left out. */
export const armCount = 3;

/** The arms of the form, shares as percentages. The first two have to be there. */
export function readArms(fields: Fields): TypedArm[] {
  const arms: TypedArm[] = [];
  for (let at = 0; at < armCount; at++) {
    const isNeeded = at < 2;
    const key = fields.text(
      `arm${at}Key`,
      isNeeded ? { required: "Give it a short key, such as season." } : {},
    );
    if (!isNeeded && key === "") continue;
    arms.push({
      key,
      name: fields.text(`arm${at}Name`) || key,
      weight: fields.decimal(`arm${at}Share`, { min: 0, max: 100 }) / 100,
      config: readConfig(fields, `arm${at}Config`),
    });
  }
  return arms;
}

/** A config as the form writes it: one setting a line. */
export function writeConfig(config: TypedArm["config"]): string {
  return Object.entries(config)
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join("\n");
}

/** Lines such as `rankingVersion = 3`; numbers and true or false are what they look like. */
export function readConfig(fields: Fields, name: string): TypedArm["config"] {
  const config: TypedArm["config"] = {};
  for (const line of fields
    .text(name)
    .split("\n")
    .filter((text) => text.trim() !== "")) {
    const at = line.indexOf("=");
    const key = line.slice(0, at).trim();
    if (at < 1 || key === "") fields.wrong(name, "One setting a line, such as rankingVersion = 3.");
    else config[key] = valueOf(line.slice(at + 1).trim());
  }
  return config;
}

function valueOf(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
