import { actionEvents, outbox } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { newId, type EventId, type ShopperId } from "@almanac/kernel";
import { expect, it } from "vitest";
import { appendActions } from "./outbox.ts";
import { anAction } from "./testing.ts";

describeOnEveryDatabase("actions of several calls in one statement", (test) => {
  it("are kept as each was given, and told with what their call had in common", async () => {
    const [maya, noor] = [newId<ShopperId>(), newId<ShopperId>()];
    const recordedAt = new Date("2025-08-14T12:00:01.000Z");
    const earlier = new Date("2025-08-14T11:59:00.500Z");
    const inputs = [
      anAction({ shopperId: maya, traceId: "t1", recordedAt }),
      anAction({ shopperId: maya, traceId: "t1", recordedAt, occurredAt: earlier, sessionId: 'a "b\\c' }),
      anAction({ shopperId: noor, traceId: "t2", recordedAt, source: "api", metadata: { q: 'x, "y" {z}' } }),
      anAction({ traceId: "t3" }),
    ];
    const answers = await appendActions(
      test.db,
      inputs.map((input, at) => ({ input, isReactedTo: at !== 1 })),
    );
    expect(answers).toEqual(inputs.map(({ id }) => ({ id, duplicate: false })));
    const logged = await test.db.select().from(actionEvents).orderBy(actionEvents.seq);
    expect(logged).toMatchObject(
      inputs.map((input) => ({ recordedAt: input.occurredAt, source: "web", metadata: {}, ...input })),
    );
    const told = await test.db.select().from(outbox).orderBy(outbox.seq);
    expect(told.map(({ traceId, payload }) => [traceId, payload["seq"], payload["shopperId"]])).toEqual([
      ["t1", logged[0]?.seq, maya],
      ["t2", logged[2]?.seq, noor],
      ["t3", logged[3]?.seq, null],
    ]);
    expect(told[1]?.payload).toMatchObject({
      occurredAt: "2025-08-14T12:00:00.000Z",
      metadata: { q: 'x, "y" {z}' },
    });
  });

  it("answer which of them were there before, in the log or earlier in the batch, and tell those to nobody", async () => {
    const [a, b] = [anAction({ id: newId<EventId>() }), anAction({ id: newId<EventId>() })];
    await appendActions(test.db, [{ input: a }]);
    const answers = await appendActions(
      test.db,
      [a, b, b].map((input) => ({ input })),
    );
    expect(answers.map(({ duplicate }) => duplicate)).toEqual([true, false, true]);
    expect(
      (await appendActions(test.db, [{ input: a }, { input: b }])).map(({ duplicate }) => duplicate),
    ).toEqual([true, true]);
    expect(await test.db.$count(outbox)).toBe(2);
  });
});
