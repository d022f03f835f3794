import { percent } from "../../server/words/numbers.ts";

/** A share of the places shown, with its 95 % interval. */
export interface Share {
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
}

export function ShareCell({ share, lower, upper }: Share) {
  return (
    <>
      {percent(share)}{" "}
      <span className="small soft nowrap">
        {percent(lower)} to {percent(upper)}
      </span>
    </>
  );
}

/** A last column of what the generator of the demo knows; none in any other world. */
export function truthColumns<Row extends { readonly truth?: number | undefined }>(
  rows: readonly Row[],
): { key: string; header: string; numeric: true; cell: (row: Row) => string }[] {
  if (rows.every(({ truth }) => truth === undefined)) return [];
  return [
    {
      key: "truth",
      header: "By the generator",
      numeric: true,
      cell: ({ truth }) => (truth === undefined ? "–" : percent(truth)),
    },
  ];
}
