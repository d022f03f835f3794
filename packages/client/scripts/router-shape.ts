import type {
  AnyTRPCProcedure,
  AnyTRPCSubscriptionProcedure,
  inferRouterError,
  inferTransformedProcedureOutput,
} from "@trpc/server";
import type { AppRouter } from "../src/app-router.ts";

type YieldOf<Stream> = Stream extends AsyncIterable<infer Value> ? Value : never;

type OutputOf<Procedure extends AnyTRPCProcedure> = Procedure extends AnyTRPCSubscriptionProcedure
  ? YieldOf<Procedure["_def"]["$types"]["output"]>
  : inferTransformedProcedureOutput<AppRouter, Procedure>;

type ShapeOf<Record> = {
  [Name in keyof Record]: Record[Name] extends AnyTRPCProcedure
    ? {
        procedureType: Record[Name]["_def"]["type"];
        input: Record[Name]["_def"]["$types"]["input"];
        output: OutputOf<Record[Name]>;
      }
    : ShapeOf<Record[Name]>;
};

/** Every procedure as it looks from the other side of the wire. The generator of the packed types reads this. */
export type RouterShape = ShapeOf<AppRouter["_def"]["record"]>;

export type ErrorShape = inferRouterError<AppRouter>;
