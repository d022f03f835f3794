import type {
  TRPCBuiltRouter,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from "@trpc/server";
import type { ErrorShape, Procedures } from "./procedures.js";

type RecordOf<Record> = {
  [Name in keyof Record]: Record[Name] extends {
    procedureType: infer Type;
    input: infer Input;
    output: infer Output;
  }
    ? Type extends "query"
      ? TRPCQueryProcedure<{ meta: object; input: Input; output: Output }>
      : Type extends "mutation"
        ? TRPCMutationProcedure<{ meta: object; input: Input; output: Output }>
        : TRPCSubscriptionProcedure<{ meta: object; input: Input; output: AsyncIterable<Output, void, void> }>
    : RecordOf<Record[Name]>;
};

/** The server's router as tRPC's own clients want it, such as those of its React package. */
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  RecordOf<Procedures>
>;
