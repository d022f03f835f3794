/** `pnpm start`: builds what has changed, then becomes the server. One process, so that Ctrl-C reaches it directly. */
import { enableCompileCache } from "node:module";
import { buildApps } from "./command.ts";

if (Number(process.versions.node.split(".")[0]) < 24) {
  console.error(`Almanac needs Node.js 24 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
const code = await buildApps();
if (code !== 0) process.exit(code);
// The next start reads what this one compiled.
enableCompileCache();
await import("../../apps/server/src/main.ts");
