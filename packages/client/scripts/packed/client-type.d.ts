import type { Procedures } from "./procedures.js";

export interface CallOptions {
  /** Gives the call up. */
  readonly signal?: AbortSignal;
}

export interface Query<Input, Output> {
  query(input: Input, options?: CallOptions): Promise<Output>;
}

export interface Mutation<Input, Output> {
  mutate(input: Input, options?: CallOptions): Promise<Output>;
}

export interface Listener<Value> extends CallOptions {
  onStarted?(): void;
  onData?(value: Value): void;
  onError?(error: Error): void;
  onStopped?(): void;
  onComplete?(): void;
}

export interface Subscription<Input, Output> {
  subscribe(input: Input, listener: Listener<Output>): { unsubscribe(): void };
}

/** An input that may be left out may be left out as an argument too. */
type Argument<Input> = undefined extends Input ? Input | void : Input;

export type ClientOf<Record> = {
  [Name in keyof Record]: Record[Name] extends {
    procedureType: infer Type;
    input: infer Input;
    output: infer Output;
  }
    ? Type extends "query"
      ? Query<Argument<Input>, Output>
      : Type extends "mutation"
        ? Mutation<Argument<Input>, Output>
        : Subscription<Argument<Input>, Output>
    : ClientOf<Record[Name]>;
};

/** Every procedure by its path: `client.search.query.query({ q })`, `client.orders.place.mutate({ ... })`. */
export type AlmanacClient = ClientOf<Procedures>;
