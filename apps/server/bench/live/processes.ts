/** Starts servers and clients of the live benches, each in a process of its own, and talks with them. Loopback only. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { ClientOptions, Seen } from "./clients.ts";
import type { Command, ServerOptions, Usage } from "./server.ts";

export interface Server {
  readonly child: ChildProcess;
  readonly port: number;
}

const path = (name: string): string => new URL(name, import.meta.url).pathname;

export async function askFor<Answer>(child: ChildProcess, question: Command | string): Promise<Answer> {
  child.send(question);
  const [answer] = (await once(child, "message")) as [Answer];
  return answer;
}

/** @throws Error when the process ends without a word */
export async function firstMessage<Message>(child: ChildProcess): Promise<Message> {
  const ended = once(child, "exit").then(([code, signal]: (number | string | null)[]) => {
    throw new Error(`the server ended before it listened: ${signal ?? code}`);
  });
  const [message] = (await Promise.race([once(child, "message"), ended])) as [Message];
  return message;
}

export async function startServer(options: ServerOptions): Promise<Server> {
  const child = fork(path("server.ts"), [JSON.stringify(options)], { execArgv: ["--expose-gc"] });
  const { port } = await firstMessage<{ port: number }>(child);
  return { child, port };
}

/** Ends a server as a crash does when a signal is given. */
export async function stopServer({ child }: Server, signal?: NodeJS.Signals): Promise<void> {
  const ended = once(child, "exit");
  if (signal) child.kill(signal);
  else child.disconnect();
  await ended;
}

/** At most so many sockets a process, so that no client is what is measured. */
const socketsOfProcess = 2_500;

/** Clients in as many processes as their number asks for. */
export class Clients {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  /** @throws Error when they did not all get what they follow within two minutes */
  static async start(options: ClientOptions): Promise<Clients> {
    const { count, first } = options;
    const children: ChildProcess[] = [];
    for (let at = 0; at < count; at += socketsOfProcess) {
      const mine = { ...options, count: Math.min(socketsOfProcess, count - at), first: first + at };
      const child = fork(path("clients.ts"), [JSON.stringify(mine)]);
      children.push(child);
      await once(child, "message");
    }
    const clients = new Clients(children);
    await clients.until((seen) => seen.ready >= count, 120_000, "the clients did not get their lane");
    return clients;
  }

  async seen(question: "count" | "waits" = "count"): Promise<Seen> {
    const all = await Promise.all(this.#children.map((child) => askFor<Seen>(child, question)));
    return {
      ready: sum(all.map(({ ready }) => ready)),
      received: sum(all.map(({ received }) => received)),
      closed: sum(all.map(({ closed }) => closed)),
      attempts: sum(all.map(({ attempts }) => attempts)),
      waits: all.flatMap(({ waits }) => waits),
    };
  }

  /** Forgets what was received so far. */
  async reset(): Promise<void> {
    await Promise.all(this.#children.map((child) => askFor(child, "reset")));
  }

  async until(isDone: (seen: Seen) => boolean, withinMs: number, otherwise?: string): Promise<boolean> {
    const endsAt = performance.now() + withinMs;
    while (performance.now() < endsAt) {
      if (isDone(await this.seen())) return true;
      await pause(25);
    }
    if (otherwise !== undefined) throw new Error(otherwise);
    return false;
  }

  async stop(): Promise<void> {
    for (const child of this.#children) {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    }
  }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const filler = "x".repeat(850);

/** About 1 kB as it goes over the wire; the text tells when it was published. */
export function publish({ child }: Server, shopper?: number): void {
  const text = `@${performance.timeOrigin + performance.now()}@${filler}`;
  child.send({ kind: "publish", text, ...(shopper !== undefined && { shopper }) } satisfies Command);
}

export const usageOf = ({ child }: Server): Promise<Usage> => askFor<Usage>(child, { kind: "usage" });

/** Milliseconds of processor time. */
export const cpuMs = ({ cpu }: Usage): number => (cpu.user + cpu.system) / 1_000;

export function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
