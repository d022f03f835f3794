import { TextDecoder } from "node:util";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { inputError } from "./input-error.ts";

/** A line of a text, without its end; the first is line 1. */
export interface TextLine {
  readonly text: string;
  readonly line: number;
}

/**
 * The lines of a file, plain or gzip (told by its first bytes, not its name), UTF-8, one after the other: a file may be larger
 * than memory, or a pipe, which can be read only once.
 *
 * @throws AppError `input_invalid` when it cannot be read, unpacked or decoded
 */
export async function* readLines(file: string): AsyncGenerator<TextLine> {
  const bytes = createReadStream(file);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let line = 0;
  try {
    for await (const chunk of unpacked(bytes)) {
      rest += decoded(decoder, chunk, file);
      const lines = rest.split("\n");
      rest = lines.pop()!;
      for (const text of lines) yield { text, line: ++line };
    }
  } catch (cause) {
    throw refusal(cause, file);
  } finally {
    bytes.destroy();
  }
  rest += decoded(decoder, undefined, file);
  if (rest !== "") yield { text: rest, line: line + 1 };
}

/** The bytes as they are, or what they hold when they begin as gzip does. */
async function* unpacked(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = bytes[Symbol.asyncIterator]();
  let first = Buffer.alloc(0);
  while (first.length < 2) {
    const { done, value } = await chunks.next();
    if (done) break;
    first = Buffer.concat([first, value]);
  }
  const all = async function* (): AsyncGenerator<Buffer> {
    if (first.length > 0) yield first;
    for (;;) {
      const { done, value } = await chunks.next();
      if (done) return;
      yield value;
    }
  };
  if (first[0] !== 0x1f || first[1] !== 0x8b) {
    yield* all();
    return;
  }
  const gunzip = createGunzip();
  const source = Readable.from(all());
  // What goes wrong on the disk must reach the reader of what is unpacked.
  source.on("error", (cause) => gunzip.destroy(cause));
  yield* source.pipe(gunzip) as AsyncIterable<Buffer>;
}

function decoded(decoder: TextDecoder, chunk: Buffer | undefined, file: string): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw inputError("is not UTF-8 text", file);
  }
}

function refusal(cause: unknown, file: string): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code.startsWith("Z_")) return inputError(`is not a whole gzip file (${code})`, file);
  return /^E[A-Z]+$/.test(code) ? inputError(`cannot be read (${code})`, file) : cause;
}
