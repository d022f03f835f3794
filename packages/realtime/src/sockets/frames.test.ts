import { createInflateRaw, type InflateRaw } from "node:zlib";
import { describe, expect, it } from "vitest";
import { SharedFrames } from "./frames.ts";

const tail = Buffer.from([0, 0, 0xff, 0xff]);

/** The payload of an unmasked frame of fewer than 65,536 bytes. */
function payloadOf(frame: Buffer): Buffer {
  return frame.subarray((frame[1] ?? 0) < 126 ? 2 : 4);
}

/** What a receiver that keeps its state from message to message, as browsers may, reads from a frame. */
async function readWith(inflater: InflateRaw, frame: Buffer): Promise<string> {
  const pieces: Buffer[] = [];
  const collect = (piece: Buffer): void => void pieces.push(piece);
  inflater.on("data", collect);
  await new Promise<void>((resolve, reject) => {
    inflater.once("error", reject);
    inflater.write(Buffer.concat([payloadOf(frame), tail]));
    inflater.flush(resolve);
  });
  inflater.off("data", collect);
  return Buffer.concat(pieces).toString("utf8");
}

describe("a message that is compressed once", () => {
  const message = (word: string): string =>
    JSON.stringify({ type: "TRENDING_UPDATE", text: word.repeat(600) });

  it("is read whole, one after another, by a receiver that never starts anew", async () => {
    const inflater = createInflateRaw();
    for (const [seq, word] of ["pear ", "crème fraîche ", "plum "].entries()) {
      const shared = new SharedFrames(seq, message(word));
      for (const frame of [shared.trpcSocket('"id":1'), shared.plainSocket(), shared.trpcSocket('"id":12')]) {
        expect(frame.deflated).toBeInstanceOf(Buffer);
        expect(await readWith(inflater, frame.deflated ?? Buffer.alloc(0))).toBe(frame.text);
      }
    }
    inflater.destroy();
  });

  it("takes two fifths of its bytes at most: what trends, with a thousand products", () => {
    const items = Array.from({ length: 1_000 }, (_, at) => ({
      card: { id: crypto.randomUUID(), slug: `tomato-${at}`, name: `Tomato ${at}`, priceCents: 400 + at },
      score: 1 - at / 1_000,
      reason: "TRENDING_LOCAL",
      sentence: "Trending near you",
    }));
    const text = JSON.stringify({ type: "TRENDING_UPDATE", payload: { items } });
    const { plain, deflated } = new SharedFrames(1, text).plainSocket();
    expect(deflated!.length).toBeLessThanOrEqual(0.4 * plain.length);
  });

  it("is not compressed at all when it has 200 bytes", () => {
    const text = JSON.stringify({ type: "HEARTBEAT", text: "x".repeat(200) }).slice(0, 200);
    for (const frame of [
      new SharedFrames(1, text).plainSocket(),
      new SharedFrames(1, text).trpcSocket('"id":1'),
    ])
      expect(frame.deflated).toBeUndefined();
  });
});
