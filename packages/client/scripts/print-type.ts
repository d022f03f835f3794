import ts from "typescript";

/**
 * Prints types so that they stand alone: whatever package they come from, the text names nothing but what the language
 * itself has. Branded text becomes `string`, dates (which travel as text) too. What refers to itself gets a name.
 */
export class TypePrinter {
  /** Declarations of the types that refer to themselves, in the order they were met. */
  readonly declarations: string[] = [];
  readonly #checker: ts.TypeChecker;
  readonly #open = new Map<ts.Type, { name: string | undefined }>();
  readonly #named = new Map<ts.Type, string>();
  #names = 0;

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  /**
   * @param path where we are, for the sentence of the error
   * @throws Error for what cannot travel as JSON: functions, symbols, big integers
   */
  print(type: ts.Type, path: string): string {
    if (type.aliasSymbol?.name === "JSONType") return this.#json();
    const plain = printPlain(type);
    if (plain !== undefined) return plain;
    const name = this.#named.get(type);
    if (name !== undefined) return name;
    const opened = this.#open.get(type);
    if (opened) return (opened.name ??= this.#newName());
    if (this.#open.size > 40) throw new Error(`${path} is nested without end`);

    const entry: { name: string | undefined } = { name: undefined };
    this.#open.set(type, entry);
    const text = type.isUnion() ? this.#union(type.types, path) : this.#object(type, path);
    this.#open.delete(type);
    if (entry.name === undefined) return text;
    this.#named.set(type, entry.name);
    this.declarations.push(`type ${entry.name} = ${text};`);
    return entry.name;
  }

  #newName(): string {
    this.#names += 1;
    return `Nested${this.#names}`;
  }

  #json(): string {
    const name = "Json";
    const text = `type ${name} = string | number | boolean | null | ${name}[] | { [key: string]: ${name} };`;
    if (!this.declarations.includes(text)) this.declarations.push(text);
    return name;
  }

  #union(members: readonly ts.Type[], path: string): string {
    const texts = new Set(members.map((member) => this.print(member, path)));
    if (texts.has("true") && texts.has("false")) {
      texts.delete("true");
      texts.delete("false");
      texts.add("boolean");
    }
    if (texts.has("unknown")) return "unknown";
    return [...texts].join(" | ");
  }

  /** Without the `undefined` that the question mark already says. */
  #optional(type: ts.Type, path: string): string {
    if (!type.isUnion()) return this.print(type, path);
    return this.#union(
      type.types.filter((member) => !(member.flags & ts.TypeFlags.Undefined)),
      path,
    );
  }

  #object(type: ts.Type, path: string): string {
    const checker = this.#checker;
    const name = type.symbol?.name;
    if (type.isIntersection() && type.types.some((part) => part.flags & ts.TypeFlags.StringLike))
      return "string";
    if (name === "Date" || name === "URL") return "string";
    if (checker.isTupleType(type)) {
      const parts = checker.getTypeArguments(type as ts.TypeReference);
      return `[${parts.map((part, index) => this.print(part, `${path}[${index}]`)).join(", ")}]`;
    }
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference);
      const text = this.print(item!, `${path}[]`);
      return /^[\w{]/.test(text) && !/ [|] /.test(text.replace(/\{[^]*\}/g, ""))
        ? `${text}[]`
        : `(${text})[]`;
    }
    if (checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0)
      throw new Error(`${path} is a function, which cannot travel`);
    return this.#properties(type, path);
  }

  #properties(type: ts.Type, path: string): string {
    const checker = this.#checker;
    const parts: string[] = [];
    for (const { keyType, type: value } of checker.getIndexInfosOfType(type)) {
      parts.push(`[key: ${this.print(keyType, path)}]: ${this.print(value, `${path}.*`)}`);
    }
    for (const property of checker.getPropertiesOfType(type)) {
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      const value = checker.getTypeOfSymbol(property);
      const here = `${path}.${property.name}`;
      const text = isOptional ? this.#optional(value, here) : this.print(value, here);
      const key = /^[A-Za-z_$][\w$]*$/.test(property.name) ? property.name : JSON.stringify(property.name);
      parts.push(`${key}${isOptional ? "?" : ""}: ${text}`);
    }
    return parts.length === 0 ? "{}" : `{ ${parts.join("; ")} }`;
  }
}

const plainFlags: readonly (readonly [ts.TypeFlags, string])[] = [
  [ts.TypeFlags.Any, "unknown"],
  [ts.TypeFlags.Unknown, "unknown"],
  [ts.TypeFlags.String, "string"],
  [ts.TypeFlags.TemplateLiteral, "string"],
  [ts.TypeFlags.Number, "number"],
  [ts.TypeFlags.Boolean, "boolean"],
  [ts.TypeFlags.Null, "null"],
  [ts.TypeFlags.Undefined, "undefined"],
  [ts.TypeFlags.Void, "void"],
  [ts.TypeFlags.Never, "never"],
  [ts.TypeFlags.NonPrimitive, "object"],
];

function printPlain(type: ts.Type): string | undefined {
  if (type.isStringLiteral()) return JSON.stringify(type.value);
  if (type.isNumberLiteral()) return String(type.value);
  if (type.flags & ts.TypeFlags.BooleanLiteral) return (type as { intrinsicName?: string }).intrinsicName;
  return plainFlags.find(([flag]) => type.flags & flag)?.[1];
}
