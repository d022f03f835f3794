import { describe, expect, it } from "vitest";
import { segmentSizes, tellableFlows } from "./migration.ts";
import { segments, type Segment } from "./segments.ts";

describe("sizes of segments", () => {
  it("sum to all shoppers", () => {
    const counts = new Map<Segment, number>(segments.map((segment, n) => [segment, 10 + n]));
    const { total, sizes, heldBack } = segmentSizes(counts);
    expect(heldBack).toBe(0);
    expect(sizes.reduce((sum, { people }) => sum + people!, 0)).toBe(total);
    expect(sizes.reduce((sum, { share }) => sum + share!, 0)).toBeCloseTo(1, 12);
  });

  it("hold groups under ten back, never one alone, since the total would give it away", () => {
    const { sizes, heldBack, total } = segmentSizes(
      new Map<Segment, number>([
        ["BUYER", 40],
        ["BROWSER", 25],
        ["RESEARCHER", 9],
      ]),
    );
    expect(sizes.filter(({ people }) => people === null).map(({ segment }) => segment)).toEqual([
      "RESEARCHER",
      "BROWSER",
    ]);
    expect([heldBack, total]).toEqual([34, 74]);
  });

  it("of nobody are zero", () => {
    expect(segmentSizes(new Map()).sizes.every(({ people, share }) => people === 0 && share === 0)).toBe(
      true,
    );
  });
});

describe("flows between segments", () => {
  const flow = (people: number, from: Segment = "NEW") => ({ from, to: "BUYER" as const, people });
  const { sizes } = segmentSizes(
    new Map([
      ["NEW", 100],
      ["BUYER", 100],
    ] as const),
  );

  it("are told from ten people up", () => {
    expect(tellableFlows([flow(9), flow(10)], sizes)).toEqual([flow(10)]);
  });

  it("do not tell of a group whose size is held back", () => {
    const counts = new Map<Segment, number>([
      ["NEW", 100],
      ["BUYER", 54],
      ["BROWSER", 9],
    ]);
    const held = segmentSizes(counts).sizes;
    const stay = (segment: Segment) => ({ from: segment, to: segment, people: 54 });
    expect(tellableFlows([stay("BUYER"), flow(20), stay("NEW")], held)).toEqual([stay("NEW")]);
  });
});
