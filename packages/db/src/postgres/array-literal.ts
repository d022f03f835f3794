import { invariant } from "@almanac/kernel";

/**
 * Reads PostgreSQL's text form of an array, such as `{1,NULL,"a \"b\""}` or `{{1,2},{3,4}}`.
 *
 * @param parseElement  turns the text of one element into its value; not called for NULL
 */
export function parseArrayLiteral(text: string, parseElement: (value: string) => unknown): unknown[] {
  // Bounds other than 1 are written in front: [0:1]={1,2}.
  let at = text.indexOf("{");

  function next(): string {
    const character = text[at];
    invariant(
      at >= 0 && character !== undefined,
      "an array from the server has its closing brace and quotes",
    );
    return character;
  }

  function readArray(): unknown[] {
    const values: unknown[] = [];
    at += 1;
    while (next() !== "}") {
      values.push(text[at] === "{" ? readArray() : readElement());
      if (text[at] === ",") at += 1;
    }
    at += 1;
    return values;
  }

  function readElement(): unknown {
    if (text[at] === '"') return parseElement(readQuoted());
    const start = at;
    while (next() !== "," && next() !== "}") at += 1;
    const plain = text.slice(start, at);
    return plain === "NULL" ? null : parseElement(plain);
  }

  function readQuoted(): string {
    let value = "";
    for (at += 1; next() !== '"'; at += 1) {
      if (text[at] === "\\") at += 1;
      value += text[at];
    }
    at += 1;
    return value;
  }

  return readArray();
}
