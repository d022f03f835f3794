/** A promise of the code to itself was broken: a bug, not a refusal. Nothing but the outermost edge catches it. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
