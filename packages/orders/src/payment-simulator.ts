import { eq } from "drizzle-orm";
import type { DatabaseHandle } from "@almanac/db";
import { simulatedCharges } from "@almanac/db/schema";
import { AppError, newId, type Cents, type Clock } from "@almanac/kernel";
import type { Charge, PaymentProvider } from "./payments.ts";

export interface PaymentSimulatorOptions {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  /** Which amounts the simulated bank refuses. Default: none. */
  readonly declines?: (amountCents: Cents) => boolean;
}

type ChargeRow = typeof simulatedCharges.$inferSelect;

/**
 * A card provider for demo, development and tests: it keeps its own books in the database, so that what it answered
 * survives the process, as a real provider's answer would.
 */
export function createPaymentSimulator({
  handle,
  clock,
  declines = () => false,
}: PaymentSimulatorOptions): PaymentProvider {
  const change = (
    reference: string,
    decide: (charge: ChargeRow) => Partial<ChargeRow> | undefined,
  ): Promise<Charge> =>
    handle.transaction(async (tx) => {
      const [charge] = await tx
        .select()
        .from(simulatedCharges)
        .where(eq(simulatedCharges.reference, reference))
        .for("update");
      if (!charge) throw new AppError("payment_declined", "The simulated bank knows no such charge.");
      const patch = decide(charge);
      if (!patch) return toCharge(charge);
      await tx
        .update(simulatedCharges)
        .set({ ...patch, updatedAt: clock.now() })
        .where(eq(simulatedCharges.reference, reference));
      return toCharge({ ...charge, ...patch });
    });

  const lookup = async (idempotencyKey: string): Promise<Charge | undefined> => {
    const [charge] = await handle.db
      .select()
      .from(simulatedCharges)
      .where(eq(simulatedCharges.idempotencyKey, idempotencyKey));
    return charge && toCharge(charge);
  };

  return {
    name: "simulator",
    lookup,
    async authorise({ idempotencyKey, amountCents }) {
      const now = clock.now();
      const isDeclined = declines(amountCents);
      const [charge] = await handle.db
        .insert(simulatedCharges)
        .values({
          idempotencyKey,
          reference: `sim_${newId(now.getTime())}`,
          status: isDeclined ? "declined" : "authorised",
          authorisedCents: isDeclined ? 0 : amountCents,
          createdAt: now,
          updatedAt: now,
        })
        .onConflictDoNothing({ target: simulatedCharges.idempotencyKey })
        .returning();
      if (charge) return toCharge(charge);
      const earlier = await lookup(idempotencyKey);
      if (!earlier) throw new AppError("payment_provider_down", "The simulated bank lost a charge.");
      return earlier;
    },
    async adjust({ reference, amountCents }) {
      if (declines(amountCents))
        return { reference, status: "declined", authorisedCents: 0, capturedCents: 0 };
      return change(reference, ({ status }) =>
        status === "authorised" ? { authorisedCents: amountCents } : undefined,
      );
    },
    capture({ reference, amountCents }) {
      return change(reference, ({ status, authorisedCents }) =>
        status === "authorised"
          ? { status: "captured", capturedCents: Math.min(amountCents, authorisedCents) }
          : undefined,
      );
    },
    release({ reference }) {
      return change(reference, ({ status }) =>
        status === "authorised" ? { status: "released" } : undefined,
      );
    },
  };
}

function toCharge({ reference, status, authorisedCents, capturedCents }: ChargeRow): Charge {
  return { reference, status, authorisedCents, capturedCents };
}
