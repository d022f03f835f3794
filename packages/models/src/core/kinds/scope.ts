import type { FarmId } from "@almanac/kernel";

/** Whom a version is for: everybody, or one farm's own customers. */
export type Scope = typeof globalScope | FarmId;

export const globalScope = "global";

/** As the tables keep it. */
export const scopeOf = (farmId: FarmId | undefined): Scope => farmId ?? globalScope;

export const farmOf = (scope: string): FarmId | undefined =>
  scope === globalScope ? undefined : (scope as FarmId);
