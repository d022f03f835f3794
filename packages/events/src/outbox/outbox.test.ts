import { actionEvents, openEvents } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { newId, type EventId, type ShopperId } from "@almanac/kernel";
import { expect, it } from "vitest";
import { takeOpenEvents } from "./open-events.ts";
import { appendActions } from "./outbox.ts";
import { anAction, countOpen } from "../testing.ts";

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
    const told = await test.handle.transaction((tx) => takeOpenEvents(tx, 10));
    expect(told.map(({ traceId, fact: { payload } }) => ({ traceId, ...payload }))).toMatchObject(
      [0, 2, 3].map((at) => ({
        traceId: inputs[at]?.traceId,
        seq: logged[at]?.seq,
        id: inputs[at]?.id,
        action: "VIEW_PRODUCT",
        shopperId: inputs[at]?.shopperId ?? null,
        sessionId: null,
        metadata: inputs[at]?.metadata ?? {},
        source: logged[at]?.source,
      })),
    );
    expect(told[0]?.fact.payload).toMatchObject({
      occurredAt: "2025-08-14T12:00:00.000Z",
      recordedAt: "2025-08-14T12:00:01.000Z",
    });
  });

  it("wait together, at most a hundred in a row and each urgency by itself", async () => {
    const actions = Array.from({ length: 205 }, (_, at) =>
      anAction({ id: newId<EventId>(), action: at % 41 === 0 ? "COMPLETE_PURCHASE" : "SEARCH" }),
    );
    await appendActions(
      test.db,
      actions.map((input) => ({ input })),
    );
    const waiting = await test.db.select().from(openEvents).orderBy(openEvents.seq);
    expect(waiting.map(({ priority, eventSeqs }) => [priority, eventSeqs.length])).toEqual([
      [0, 3],
      [2, 97],
      [2, 98],
      [0, 2],
      [2, 5],
    ]);
    expect(new Set(waiting.flatMap(({ eventSeqs }) => eventSeqs)).size).toBe(205);
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
    expect(await countOpen(test.db)).toBe(2);
  });
});
