import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The second column of a CSV file, plain or gzip, without its head: the names of products. */
export function namesOfItems(path: string): string[] {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => (/^[^,]*,("(?:[^"]|"")*"|[^,]*)/.exec(line)?.[1] ?? "").replace(/^"|"$/g, ""));
}
