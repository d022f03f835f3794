import { procedure, router } from "@almanac/trpc";
import { z } from "zod";
import { getCapturedMail, listCapturedMail } from "./capture.ts";

const mailId = z.uuid();

/** The router `admin.mail`: what was captured instead of sent. */
export function notificationRoutes() {
  return {
    admin: {
      mail: router({
        list: procedure("operate.read")
          .input(z.object({ cursor: mailId.optional() }).default({}))
          .query(({ ctx, input }) => listCapturedMail(ctx.db, { ...input, limit: 50 })),
        get: procedure("operate.read")
          .input(z.object({ id: mailId }))
          .query(({ ctx, input }) => getCapturedMail(ctx.db, input.id)),
      }),
    },
  };
}
