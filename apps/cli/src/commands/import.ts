import { existsSync, statSync } from "node:fs";
import { systemClock } from "@almanac/kernel";
import { importCompleteJourney, withDatabase } from "@almanac/demo";
import { costsSince, placeOf, readArguments, wrongUse, type Command } from "../command.ts";

const help = `almanac import completejourney <folder> [--data <folder>]

Writes a year of real grocery receipts into an empty database, as a world of its own: households become shoppers,
receipts become collected orders, a product is a type within its department and its variants are the source products
with their real prices and discounts. All dates move by the same number of whole weeks, so that the year ends now.

  <folder>   with items.csv.gz, train.csv.gz and, if there, valid.csv.gz
  --data     folder of the embedded database (default: DATABASE_URL if set, else ALMANAC_DATA or .data)

Safe to run twice: the second time it says what is there. A malformed row is refused by file and line, and nothing is
written. Progress is on stderr; the last line of stdout is a summary in JSON. Then: pnpm start --data <folder>
`;

export const importCommand: Command = {
  name: "import",
  summary: "write real receipts into an empty database",
  help,
  async run(argv, io) {
    const startedAt = performance.now();
    const { values, positionals } = readArguments(argv, { data: { type: "string" } });
    const [source, folder, ...more] = positionals;
    if (source !== "completejourney" || folder === undefined || more.length > 0)
      throw wrongUse("say what to import and from where: import completejourney <folder>");
    if (!existsSync(folder) || !statSync(folder).isDirectory())
      throw wrongUse(`there is no folder ${folder}`);
    const report = await withDatabase(placeOf(values.data, io.env), (handle) =>
      importCompleteJourney(handle, folder, { clock: systemClock, onProgress: progressOn(io.say) }),
    );
    if (report.alreadyImported) io.say("These receipts are already imported: nothing was changed.\n");
    const { alreadyImported, rows, ...counts } = report;
    io.out(
      `${JSON.stringify({ command: "import", rows, ...counts, alreadyImported, ...costsSince(startedAt) })}\n`,
    );
    return 0;
  },
};

/** A line for each new activity, and one every two seconds while it goes on. */
function progressOn(say: (text: string) => void): (what: string, share: number) => void {
  let lastWhat = "";
  let lastAt = 0;
  return (what, share) => {
    if (what === lastWhat && performance.now() - lastAt < 2_000) return;
    [lastWhat, lastAt] = [what, performance.now()];
    const howFar = share === 0 ? "" : share <= 1 ? `: ${Math.round(share * 100)} %` : `: ${share} rows`;
    say(`${what}${howFar}\n`);
  };
}
