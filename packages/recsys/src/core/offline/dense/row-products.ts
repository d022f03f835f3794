import { Instance, Module } from "./web-assembly.ts";
import type { Memory } from "./web-assembly.ts";

/**
 * Products of rows in WebAssembly, two numbers an instruction: C[i, j] += scale x sum over k of A[i, k] x B[j, k], where
 * A, B and C are blocks of one matrix that lies by rows in a WebAssembly memory.
 *
 * JavaScript has no vector instructions; the same loops there take about five times as long. The module is put together
 * here, instruction by instruction, so that it needs no compiler and no file. Its sums have one fixed order, so the bits
 * are the same everywhere.
 *
 * @param c,a,b addresses of the blocks' first numbers, in bytes
 * @param rows of A, a multiple of 4
 * @param columns of C, the rows of B, a multiple of 2
 * @param count bytes of a row of A and of B that are multiplied, a multiple of 32 above 0
 * @param stride bytes from one row to the next
 */
export type RowProducts = (
  c: number,
  a: number,
  b: number,
  rows: number,
  columns: number,
  count: number,
  stride: number,
  scale: number,
) => void;

export function rowProductsIn(memory: Memory): RowProducts {
  compiled ??= new Module(moduleBytes());
  const { exports } = new Instance(compiled, { from: { memory } });
  return exports["multiply"] as RowProducts;
}

let compiled: object | undefined;

type Code = readonly number[];

/** Rows of A and rows of B whose products are summed side by side: with their eight sums, as many as registers hold. */
const tall = 4;
const wide = 2;

const [c, a, b, rows, columns, count, stride, scale] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
/** Locals: loop bounds and places, then pointers to the rows of a tile, then its sums. */
const [rowsLeft, columnsLeft, at, bRow, cRow, end] = [8, 9, 10, 11, 12, 13] as const;
const aPointer = (row: number): number => 14 + row;
const bPointer = (row: number): number => 14 + tall + row;
const i32Locals = 6 + tall + wide;
const sum = (row: number, column: number): number => 8 + i32Locals + row * wide + column;
const left = (row: number): number => 8 + i32Locals + tall * wide + row;
const right = (row: number): number => left(tall) + row;
const vectorLocals = tall * wide + tall + wide;

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
/** Of 0 to 63: one byte. */
const number = (value: number): Code => [0x41, value];
const plus: Code = [0x6a];
const minus: Code = [0x6b];
const numberPlus: Code = [0xa0];
const numberTimes: Code = [0xa2];
const setAndKeep = 0x22;
const step = (local: number, by: Code): Code => [...get(local), ...by, ...plus, ...set(local)];
const range = (length: number): number[] => Array.from({ length }, (_, at) => at);
const loadVector = (pointer: number, offset: number): Code => [...get(pointer), 0xfd, 0x00, 4, offset];
const vectorTimes: Code = [0xfd, 0xf2, 0x01];
const vectorPlus: Code = [0xfd, 0xf0, 0x01];
const lane = (which: number): Code => [0xfd, 0x21, which];
const noVector: Code = [0xfd, 0x0c, ...range(16).map(() => 0)];

/** One after the other. */
const join = (...parts: readonly Code[]): Code => parts.flat();

/** Repeats `body` while the number that it leaves on the stack is not 0. */
const loop = (...body: readonly Code[]): Code => join([0x03, 0x40], ...body, [0x0d, 0, 0x0b]);

/** Points each of `length` pointers at its row, from a first one on. */
function pointRows(first: number, pointerOf: (row: number) => number, length: number): Code {
  return range(length).flatMap((row) =>
    join(row === 0 ? get(first) : join(get(pointerOf(row - 1)), get(stride), plus), set(pointerOf(row))),
  );
}

/** Two numbers of each row: six loads, eight products. */
function multiplyPair(offset: number): Code {
  return join(
    range(tall).flatMap((row) => join(loadVector(aPointer(row), offset), set(left(row)))),
    range(wide).flatMap((row) => join(loadVector(bPointer(row), offset), set(right(row)))),
    range(tall * wide).flatMap((which) => {
      const [row, column] = [Math.floor(which / wide), which % wide];
      const own = sum(row, column);
      return join(get(own), get(left(row)), get(right(column)), vectorTimes, vectorPlus, set(own));
    }),
  );
}

/** C += scale x (one half of a sum + the other). */
function addSum(row: number, column: number): Code {
  const load: Code = [0x2b, 3, column * 8];
  const store: Code = [0x39, 3, column * 8];
  const halves = join(get(sum(row, column)), lane(0), get(sum(row, column)), lane(1), numberPlus);
  return join(get(at), get(at), load, halves, get(scale), numberTimes, numberPlus, store);
}

function tile(): Code {
  const isBeforeEnd: Code = join(get(aPointer(0)), get(end), [0x49]);
  return join(
    pointRows(a, aPointer, tall),
    pointRows(bRow, bPointer, wide),
    range(tall * wide).flatMap((which) => join(noVector, set(sum(0, 0) + which))),
    join(get(a), get(count), plus, set(end)),
    loop(
      multiplyPair(0),
      multiplyPair(16),
      range(tall).flatMap((row) => step(aPointer(row), number(32))),
      range(wide).flatMap((row) => step(bPointer(row), number(32))),
      isBeforeEnd,
    ),
    join(get(cRow), set(at)),
    range(tall).flatMap((row) =>
      join(
        range(wide).flatMap((column) => addSum(row, column)),
        step(at, get(stride)),
      ),
    ),
  );
}

function multiplyCode(): Code {
  const advance = (local: number, count: number): Code =>
    range(count).flatMap(() => step(local, get(stride)));
  const countDown = (local: number, by: number): Code =>
    join(get(local), number(by), minus, [setAndKeep, local]);
  return join(
    get(rows),
    set(rowsLeft),
    loop(
      join(get(b), set(bRow), get(c), set(cRow), get(columns), set(columnsLeft)),
      loop(tile(), advance(bRow, wide), step(cRow, number(8 * wide)), countDown(columnsLeft, wide)),
      advance(a, tall),
      advance(c, tall),
      countDown(rowsLeft, tall),
    ),
    [0x0b],
  );
}

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const [i32, f64, vector] = [0x7f, 0x7c, 0x7b];
  const text = (value: string): Code => [value.length, ...new TextEncoder().encode(value)];
  const section = (id: number, content: Code): Code => join([id], unsigned(content.length), content);
  const body = join([2, i32Locals, i32, vectorLocals, vector], multiplyCode());
  return Uint8Array.from(
    join(
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, [1, 0x60, 8, i32, i32, i32, i32, i32, i32, i32, f64, 0]),
      section(2, join([1], text("from"), text("memory"), [2, 0, 1])),
      section(3, [1, 0]),
      section(7, join([1], text("multiply"), [0, 0])),
      section(10, join([1], unsigned(body.length), body)),
    ),
  );
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
