import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { inputError } from "./input-error.ts";

/**
 * The text of a file, plain or gzip (told by its first bytes, not its name), UTF-8.
 *
 * @throws AppError `input_invalid` when it cannot be read, unpacked or decoded
 */
export async function readText(file: string): Promise<string> {
  const packed = await readBytes(file);
  let bytes = packed;
  if (packed[0] === 0x1f && packed[1] === 0x8b) {
    try {
      bytes = gunzipSync(packed);
    } catch (cause) {
      throw inputError(`is not a whole gzip file (${messageOf(cause)})`, file);
    }
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw inputError("is not UTF-8 text", file);
  }
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw inputError(`cannot be read (${messageOf(cause)})`, file);
  }
}

function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
