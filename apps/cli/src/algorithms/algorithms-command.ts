import { readArguments, wrongUse, type Command } from "../command.ts";
import { algorithmsPage } from "./algorithms-page.ts";
import { algorithms } from "./catalogue.ts";

const help = `almanac algorithms [--page]

Lists every algorithm of the product: its name, where it is used, the test that holds it, and a figure. One line each, with
tabs between; the last line is a summary in JSON.

  --page   print the page docs/algorithms.md instead
`;

export const algorithmsCommand: Command = {
  name: "algorithms",
  summary: "list the algorithms, each with its test and a figure",
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, { page: { type: "boolean" } });
    if (positionals.length > 0) throw wrongUse("algorithms takes no words, only --page");
    if (values.page) {
      io.out(algorithmsPage(algorithms));
      return 0;
    }
    for (const { name, use, test, figure } of algorithms)
      io.out(`${name}\t${use}\t${test.join(" > ")}\t${figure}\n`);
    io.out(`${JSON.stringify({ command: "algorithms", rows: algorithms.length })}\n`);
    return 0;
  },
};
