import { almanac } from "./almanac.ts";

// `pnpm almanac` runs at the root of the workspace, wherever it was called: file names are meant from there.
const calledFrom = process.env["INIT_CWD"];
if (process.env["npm_lifecycle_event"] === "almanac" && calledFrom) process.chdir(calledFrom);

// Whoever reads the answer may have seen enough, as `head` does: that is no fault of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await almanac(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  out: (text) => void process.stdout.write(text),
  say: (text) => void process.stderr.write(text),
});
