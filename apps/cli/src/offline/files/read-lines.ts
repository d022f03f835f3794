import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { inputError } from "./input-error.ts";

/** A line of a text, without its end; the first is line 1. */
export interface TextLine {
  readonly text: string;
  readonly line: number;
}

/**
 * The lines of a file, plain or gzip (told by its first bytes, not its name), UTF-8, one after the other: a file may be larger
 * than memory.
 *
 * @throws AppError `input_invalid` when it cannot be read, unpacked or decoded
 */
export async function* readLines(file: string): AsyncGenerator<TextLine> {
  const packed = await startsAsGzip(file);
  const bytes = createReadStream(file);
  const source = packed ? bytes.pipe(createGunzip()) : bytes;
  // What goes wrong on the disk must reach the reader of what is unpacked.
  bytes.on("error", (cause) => source.destroy(cause));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let line = 0;
  try {
    for await (const chunk of source) {
      rest += decoded(decoder, chunk as Buffer, file);
      const lines = rest.split("\n");
      rest = lines.pop()!;
      for (const text of lines) yield { text, line: ++line };
    }
  } catch (cause) {
    throw refusal(cause, packed, file);
  } finally {
    bytes.destroy();
  }
  rest += decoded(decoder, undefined, file);
  if (rest !== "") yield { text: rest, line: line + 1 };
}

function decoded(decoder: TextDecoder, chunk: Buffer | undefined, file: string): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw inputError("is not UTF-8 text", file);
  }
}

function refusal(cause: unknown, packed: boolean, file: string): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (packed && code.startsWith("Z_")) return inputError(`is not a whole gzip file (${code})`, file);
  return /^E[A-Z]+$/.test(code) ? inputError(`cannot be read (${code})`, file) : cause;
}

async function startsAsGzip(file: string): Promise<boolean> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw inputError(`cannot be read (${code})`, file);
  } finally {
    await handle?.close();
  }
}
