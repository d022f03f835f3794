/** Asks the server of serving-server.ts, as a page does: over HTTP on loopback, each answer read to its end. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { firstMessage } from "./live/processes.ts";
import { openPlainConnection } from "./plain-connection.ts";

/** What the server tells of itself once it listens. */
export interface Ready {
  readonly port: number;
  readonly driver: string;
  readonly marketId: string;
  readonly shopperIds: readonly string[];
  readonly productIds: readonly string[];
}

export interface WorldSize {
  readonly products: number;
  readonly shoppers: number;
  readonly orders: number;
}

export interface Asked {
  readonly input?: unknown;
  /** Who asks: a shopper; nobody in particular without one. */
  readonly shopperId?: string | undefined;
  /** Asks with all rights of an operator. */
  readonly asOperator?: boolean;
  readonly isMutation?: boolean;
}

export interface ServingClient {
  readonly ready: Ready;
  /** @returns the answer's data, and the milliseconds until its last byte */
  ask(path: string, asked: Asked): Promise<{ data: Record<string, unknown>; ms: number }>;
  /** Opens so many connections of clients that cost little beside the server: each asks and reads the answer without parsing it. */
  openCallers(count: number): Promise<Callers>;
  /** What the server has used so far: processor time in milliseconds, and memory in bytes. */
  usage(): Promise<{ cpuMs: number; rssBytes: number }>;
  stop(): void;
}

export interface Callers {
  /** @param caller whose connection, from 0; each waits for its answer before it asks again */
  ask(caller: number, path: string, asked: Asked): Promise<void>;
  close(): void;
}

/** @param connections how many requests may be under way at once */
export async function openServing(
  { products, shoppers, orders }: WorldSize,
  connections = 4,
): Promise<ServingClient> {
  const entry = new URL("serving-server.ts", import.meta.url).pathname;
  const child: ChildProcess = fork(entry, [products, shoppers, orders].map(String), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ready = await firstMessage<Ready>(child);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    ready,
    async ask(path, { input, shopperId, asOperator = false, isMutation = false }) {
      const { text, target } = written(path, { input, isMutation });
      const startedAt = performance.now();
      const outgoing = request({
        agent,
        host: "127.0.0.1",
        port: ready.port,
        path: target,
        method: isMutation ? "POST" : "GET",
        headers: headersOf({ shopperId, asOperator }),
      });
      outgoing.end(isMutation ? text : undefined);
      const [response] = (await once(outgoing, "response")) as [
        NodeJS.ReadableStream & { statusCode: number },
      ];
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const ms = performance.now() - startedAt;
      const body = Buffer.concat(chunks).toString();
      if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}: ${body}`);
      return { data: (JSON.parse(body) as { result: { data: Record<string, unknown> } }).result.data, ms };
    },
    async openCallers(count) {
      const opened = await Promise.all(Array.from({ length: count }, () => openPlainConnection(ready.port)));
      return {
        async ask(caller, path, asked) {
          const { text, target } = written(path, asked);
          const body = asked.isMutation ? text : "";
          const headers = {
            host: "localhost",
            ...headersOf(asked),
            "content-length": Buffer.byteLength(body),
          };
          const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
          const method = asked.isMutation ? "POST" : "GET";
          const answer = await opened[caller]!.ask(
            `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n${body}`,
          );
          if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body}`);
        },
        close() {
          for (const connection of opened) connection.close();
        },
      };
    },
    async usage() {
      child.send("usage");
      const [{ cpu, rss }] = (await once(child, "message")) as [{ cpu: NodeJS.CpuUsage; rss: number }];
      return { cpuMs: (cpu.user + cpu.system) / 1_000, rssBytes: rss };
    },
    stop() {
      child.disconnect();
      agent.destroy();
    },
  };
}

function written(path: string, { input, isMutation = false }: Asked): { text: string; target: string } {
  const text = JSON.stringify(input ?? {});
  return { text, target: `/trpc/${path}${isMutation ? "" : `?input=${encodeURIComponent(text)}`}` };
}

const headersOf = ({ shopperId, asOperator }: Asked): Record<string, string> => ({
  "content-type": "application/json",
  ...(shopperId && { "x-bench-shopper": shopperId }),
  ...(asOperator && { "x-bench-operator": "yes" }),
});

const words = "tomato carrot spinach cheddar basil apple strawberry honey bread cider leek pepper".split(" ");
const kinds = "heirloom wild red golden sweet early winter organic baby".split(" ");
const slips = "tomatto carot spinnach chedar basl aple strawbery".split(" ");

/** What is typed in turn: a word, two words, a word with a slip, the beginning of one. */
export function queryAt(turn: number): string {
  const kind = turn % 4;
  if (kind === 0) return words[turn % words.length]!;
  if (kind === 1) return `${kinds[turn % kinds.length]!} ${words[(turn * 5) % words.length]!}`;
  return kind === 2 ? slips[turn % slips.length]! : words[(turn * 3) % words.length]!.slice(0, 4);
}

/** The first letters of a word, two to five of them. */
export const beginningAt = (turn: number): string => words[turn % words.length]!.slice(0, 2 + (turn % 4));
