import type { BacktestSummary } from "@almanac/forecasting";

const heads = [
  "demand",
  "model",
  "series",
  "accuracy",
  "bias",
  "WAPE",
  "MASE",
  "RMSSE",
  "inside 80 %",
  "inside 95 %",
  "CPU ms",
];
const kinds = ["regular", "intermittent", "new"];

/** The table that people read: kinds of demand apart, models in the order asked for; columns aligned, one line a row. */
export function backtestTable(summary: readonly BacktestSummary[]): string {
  const ordered = kinds.flatMap((kind) => summary.filter(({ demand }) => demand === kind));
  const table = [heads, ...ordered.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  const padded = table.map((line) => line.map((cell, at) => cell.padEnd(widths[at]!)).join("  "));
  return padded.map((line) => `${line.trimEnd()}\n`).join("");
}

function cellsOf(row: BacktestSummary): string[] {
  return [
    row.demand,
    row.model,
    String(row.series),
    row.demand === "intermittent" ? "not claimed" : percent(row.accuracy),
    percent(row.bias),
    percent(row.wape),
    ratio(row.mase),
    ratio(row.rmsse),
    percent(row.coverage),
    percent(row.coverage95),
    row.cost.toFixed(1),
  ];
}

function percent(value: number | undefined): string {
  return value === undefined ? "-" : `${(100 * value).toFixed(1)} %`;
}

function ratio(value: number | undefined): string {
  return value === undefined ? "-" : value.toFixed(3);
}
