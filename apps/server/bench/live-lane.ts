/**
 * The live lane beside bare `ws` and Socket.IO: one message to all, messages to each their own, readers that do not read, and
 * everybody coming back after a restart. Clients are processes of their own that speak the protocols over TCP. Loopback only;
 * ends by itself. Run: node apps/server/bench/live-lane.ts [sockets] [fan-out,own,slow,storm] [seconds]
 */
import { cpus } from "node:os";
import { fanOutTable } from "./live/fan-out.ts";
import { ownTable } from "./live/own.ts";
import { slowTable } from "./live/slow.ts";
import { stormTable } from "./live/storm.ts";

const sockets = Number(process.argv[2] ?? 2_000);
const parts = (process.argv[3] ?? "fan-out,own,slow,storm").split(",");
/** Of messages to each their own. */
const seconds = Number(process.argv[4] ?? 20);
const maxSockets = 12_000;
if (!(sockets >= 100 && sockets <= maxSockets)) throw new Error(`between 100 and ${maxSockets} sockets`);

console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`);
if (parts.includes("fan-out")) await fanOutTable(sockets);
if (parts.includes("own")) await ownTable(Math.min(2_000, sockets), seconds);
if (parts.includes("slow")) await slowTable();
if (parts.includes("storm")) await stormTable(Math.min(3_000, sockets));
process.exit(0);
