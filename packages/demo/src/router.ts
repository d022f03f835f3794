import { AppError, type ShiftedClock } from "@almanac/kernel";
import { procedure, router } from "@almanac/trpc";
import { z } from "zod";
import { findGenerated, type GeneratedRecommendations } from "./load/recommending.ts";
import { parseIsoDuration } from "./iso-duration.ts";

export interface DemoDeps {
  /** The clock of a server that was started with a time of its own; absent where time is the real one. */
  readonly clock?: ShiftedClock;
}

/** What only a demo or a test can do. */
export function demoRoutes({ clock }: DemoDeps) {
  return {
    admin: {
      demo: router({
        /** Of the lists of recommendations that the demo world was made with, what is true; null in any other world. */
        recommendations: procedure("operate.read").query(
          async ({ ctx }): Promise<GeneratedRecommendations | null> => (await findGenerated(ctx.db)) ?? null,
        ),
      }),
      clock: router({
        /** Moves the clock of this process forward; it never goes back. */
        advance: procedure("operate.write", { limit: "write" })
          .input(z.object({ duration: z.string().max(40) }))
          .mutation(({ input }): { now: string } => {
            if (!clock) {
              throw new AppError(
                "not_found",
                "This server keeps the real time. Start it with ALMANAC_CLOCK to move it.",
              );
            }
            const durationMs = parseIsoDuration(input.duration);
            if (durationMs === undefined) {
              throw new AppError(
                "input_invalid",
                `"${input.duration}" is not a duration such as PT35H or P2D of at most ten years.`,
              );
            }
            clock.advance(durationMs);
            return { now: clock.now().toISOString() };
          }),
      }),
    },
  };
}
