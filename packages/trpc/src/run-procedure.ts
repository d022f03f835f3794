import { getTRPCErrorFromUnknown, type AnyProcedure, type TRPCError } from "@trpc/server";

/** One call, as an adapter knows it. */
export interface ProcedureCall {
  readonly path: string;
  readonly type: "query" | "mutation" | "subscription";
  readonly ctx: unknown;
  readonly input: unknown;
  readonly batchIndex: number;
  /** Read only when a procedure asks for it; a getter may make it then. */
  readonly signal: AbortSignal;
}

type Outcome =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly error: TRPCError; readonly marker: string };

type GetRawInput = () => Promise<unknown>;
type Middleware = (step: Step) => Promise<Outcome | undefined>;

interface Chain {
  readonly middlewares: readonly Middleware[];
  readonly meta: unknown;
}

interface Next {
  readonly ctx?: object;
  readonly input?: unknown;
  readonly getRawInput?: GetRawInput;
}

/**
 * What a middleware or a resolver is given. tRPC makes four copies of all of it for each middleware, which costs more than
 * many a query; here they share the call and keep what changes on the way. Functions and getters stand on the prototype: as
 * own properties they were seen to keep a request in memory until the next full collection.
 */
class Step {
  readonly #chain: Chain;
  readonly #call: ProcedureCall;
  readonly #index: number;
  readonly ctx: unknown;
  readonly input: unknown;
  readonly getRawInput: GetRawInput;

  constructor(
    chain: Chain,
    call: ProcedureCall,
    index: number,
    given: { ctx: unknown; input: unknown; getRawInput: GetRawInput },
  ) {
    this.#chain = chain;
    this.#call = call;
    this.#index = index;
    this.ctx = given.ctx;
    this.input = given.input;
    this.getRawInput = given.getRawInput;
  }

  get next(): (change?: Next) => Promise<Outcome> {
    return (change) => this.#goOn(change);
  }
  get path(): string {
    return this.#call.path;
  }
  get type(): ProcedureCall["type"] {
    return this.#call.type;
  }
  get meta(): unknown {
    return this.#chain.meta;
  }
  get batchIndex(): number {
    return this.#call.batchIndex;
  }
  get signal(): AbortSignal {
    return this.#call.signal;
  }

  #goOn(change: Next | undefined): Promise<Outcome> {
    if (!change) return run(this.#chain, this.#call, this.#index + 1, this);
    const ctx = change.ctx ? { ...(this.ctx as object), ...change.ctx } : this.ctx;
    const input = "input" in change ? change.input : this.input;
    const getRawInput = change.getRawInput ?? this.getRawInput;
    return run(this.#chain, this.#call, this.#index + 1, { ctx, input, getRawInput });
  }
}

async function run(
  chain: Chain,
  call: ProcedureCall,
  index: number,
  given: { ctx: unknown; input: unknown; getRawInput: GetRawInput },
): Promise<Outcome> {
  try {
    const outcome = await chain.middlewares[index]?.(new Step(chain, call, index, given));
    if (outcome) return outcome;
    throw new Error(`A middleware of ${call.path} answered nothing.`);
  } catch (cause) {
    return { ok: false, error: getTRPCErrorFromUnknown(cause), marker: "middlewareMarker" };
  }
}

/**
 * Runs a procedure as tRPC's own caller does: its middlewares, input parsers and resolver in their order, over and over the
 * same functions, without the copies in between. A procedure whose inside looks otherwise (another version of tRPC, a caller
 * of its own) is called as it is.
 *
 * @throws TRPCError what the procedure threw, or its refusal
 */
export async function runProcedure(procedure: AnyProcedure, call: ProcedureCall): Promise<unknown> {
  const getRawInput: GetRawInput = () => Promise.resolve(call.input);
  const chain = chainOf(procedure);
  if (!chain) {
    const { path, type, ctx, batchIndex, signal } = call;
    return procedure({ path, type, ctx, batchIndex, signal, getRawInput } as never);
  }
  const outcome = await run(chain, call, 0, { ctx: call.ctx, input: undefined, getRawInput });
  if (!outcome.ok) throw outcome.error;
  return outcome.data;
}

/** The inside of a procedure that tRPC built. */
function chainOf(procedure: AnyProcedure): Chain | undefined {
  const inside = procedure._def as { middlewares?: unknown; meta?: unknown; caller?: unknown };
  if (!Array.isArray(inside.middlewares) || inside.middlewares.length === 0 || inside.caller)
    return undefined;
  return inside as Chain;
}
