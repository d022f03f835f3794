import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { TypePrinter } from "./print-type.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What the packed client says differently from its sources, so that it needs no package of ours, nor tRPC's types. */
const replaced = ["client-type.d.ts", "error-type.d.ts", "router.d.ts"];
const kept = ["index.d.ts", "client.d.ts", "reason.d.ts"];

/**
 * Declarations of the packed client. `procedures.d.ts` has every procedure's input and output written out; all else is
 * derived from it.
 *
 * @returns text by file name
 * @throws Error when the sources do not compile, or a procedure gives what cannot travel
 */
export function generateTypes(): Map<string, string> {
  const program = openProgram();
  // The sources behind the router are checked by themselves; here they are read as far as types reach into them.
  const failures = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(root) && !fileName.includes("/node_modules/"))
    .flatMap((file) => ts.getPreEmitDiagnostics(program, file));
  if (failures.length > 0) throw new Error(ts.formatDiagnostics(failures, formatHost));
  const files = new Map<string, string>();
  for (const source of program.getSourceFiles()) {
    const name = source.fileName.slice(`${root}src/`.length).replace(/\.ts$/, ".d.ts");
    if (!source.fileName.startsWith(`${root}src/`) || !kept.includes(name)) continue;
    program.emit(source, (_path, text) => files.set(name, toJsImports(text)), undefined, true);
  }
  for (const name of replaced) files.set(name, readFileSync(`${root}scripts/packed/${name}`, "utf8"));
  files.set("procedures.d.ts", proceduresDeclaration(program));
  return files;
}

function openProgram(): ts.Program {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram({
    rootNames: [`${root}src/index.ts`, `${root}scripts/router-shape.ts`],
    options: {
      ...options,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      noErrorTruncation: true,
    },
  });
}

function proceduresDeclaration(program: ts.Program): string {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(`${root}scripts/router-shape.ts`);
  if (!source) throw new Error("scripts/router-shape.ts is not part of the program");
  const typeNamed = (name: string): ts.Type => {
    const found = checker
      .getExportsOfModule(checker.getSymbolAtLocation(source)!)
      .find((one) => one.name === name);
    if (!found) throw new Error(`scripts/router-shape.ts does not export ${name}`);
    return checker.getDeclaredTypeOfSymbol(found);
  };
  const printer = new TypePrinter(checker);
  const record = printRecord(checker, printer, typeNamed("RouterShape"), "", "  ");
  const errorShape = printer.print(typeNamed("ErrorShape"), "error");
  return [
    "// Generated from the router of the server: every procedure, written out.",
    "",
    ...printer.declarations,
    "",
    `export type ErrorShape = ${errorShape};`,
    "",
    `export type Procedures = ${record};`,
    "",
  ].join("\n");
}

const procedureTypes = ["query", "mutation", "subscription"];

function printRecord(
  checker: ts.TypeChecker,
  printer: TypePrinter,
  type: ts.Type,
  path: string,
  indent: string,
): string {
  const lines = checker.getPropertiesOfType(type).map((property) => {
    const value = checker.getTypeOfSymbol(property);
    const here = path === "" ? property.name : `${path}.${property.name}`;
    const part = (name: string): ts.Type => {
      const symbol = value.getProperty(name);
      if (!symbol) throw new Error(`${here} has no ${name}`);
      return checker.getTypeOfSymbol(symbol);
    };
    if (!value.getProperty("procedureType"))
      return `${indent}${property.name}: ${printRecord(checker, printer, value, here, `${indent}  `)};`;
    const kind = part("procedureType");
    if (!kind.isStringLiteral() || !procedureTypes.includes(kind.value))
      throw new Error(`${here} is of no kind that is known`);
    const input = printer.print(part("input"), `${here} input`);
    const output = printer.print(part("output"), `${here} output`);
    return `${indent}${property.name}: { procedureType: "${kind.value}"; input: ${input}; output: ${output} };`;
  });
  return `{\n${lines.join("\n")}\n${indent.slice(2)}}`;
}

/** "./client.ts" as "./client.js": what the packed files are called. */
function toJsImports(text: string): string {
  return text.replace(/(from\s+"\.{1,2}\/[^"]+)\.ts"/g, '$1.js"');
}

const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => "\n",
};
