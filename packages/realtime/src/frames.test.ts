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

  it("is not compressed at all when it is small", () => {
    expect(new SharedFrames(1, '{"type":"HEARTBEAT"}').trpcSocket('"id":1').deflated).toBeUndefined();
  });
});
