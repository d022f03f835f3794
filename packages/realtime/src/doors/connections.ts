import type { DatabaseHandle, Queryable } from "@almanac/db";
import { addCounts, forgetNode, hourOf, listNodes, readCounts, reportNode } from "@almanac/events";
import { seconds, type Clock, type Milliseconds } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";

export type Transport = "websocket" | "trpc" | "sse";

/** How many, by transport and topic, of one process. */
export interface ConnectionFigures {
  readonly active: Readonly<Record<Transport, number>>;
  readonly topics: Readonly<Record<string, number>>;
}

/** Over all processes (API-04). */
export interface LiveStats {
  /** Since the installation began. */
  readonly totalConnections: number;
  readonly activeConnections: number;
  readonly activeByTransport: Readonly<Record<Transport, number>>;
  /** Milliseconds, of the connections that have ended; 0 before the first. */
  readonly averageConnectionDuration: Milliseconds;
  /** Live subscriptions by topic; a shopper's own topics under their plain names. */
  readonly subscriptionBreakdown: Readonly<Record<string, number>>;
}

export interface OpenConnection {
  addTopics(topics: readonly string[]): void;
  removeTopics(topics: readonly string[]): void;
  /** Ends the connection and what it was subscribed to; again does nothing. */
  close(): void;
}

export interface ConnectionBook {
  /** @returns `undefined` when this process has as many of that kind as it may: sockets, or event streams */
  open(transport: Transport): OpenConnection | undefined;
  /** Lists topics that are followed on a connection that is counted elsewhere. @returns unlists them */
  follow(topics: readonly string[]): () => void;
  figures(): ConnectionFigures;
  /** Starts to report to the other processes. */
  start(): void;
  stop(): Promise<void>;
  stats(db: Queryable): Promise<LiveStats>;
}

export interface ConnectionBookOptions {
  handle: DatabaseHandle;
  clock: Clock;
  log: Logger;
  /** Names this process; unlike that of any other. */
  nodeId: string;
  /**
   * How many sockets this process takes, and as many event streams: 2,000 unless set otherwise. Counted apart, so that who
   * finds no room for a socket can still follow by events (RT-10).
   */
  maxConnections?: number;
  reportMs?: Milliseconds;
  /** Between `start` and `stop`: what is reported is not what was reported before. */
  onChanged?: () => void;
  /** Milliseconds on a clock that never jumps. */
  monotonic?: () => Milliseconds;
}

const openedName = "live.opened";
const closedName = "live.closed";

/** Keeps count of who is connected, here and, by way of the database, in all processes. */
export function createConnectionBook({
  handle,
  clock,
  log,
  nodeId,
  maxConnections = 2_000,
  reportMs = seconds(5),
  onChanged,
  monotonic = () => performance.now(),
}: ConnectionBookOptions): ConnectionBook {
  const active: Record<Transport, number> = { websocket: 0, trpc: 0, sse: 0 };
  const topics = new Map<string, number>();
  let unsaved = { opened: 0, closed: 0, durationMs: 0 };
  let reported = "";
  let reportedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();

  const count = (topic: string, by: 1 | -1): void => {
    const left = (topics.get(topic) ?? 0) + by;
    if (left > 0) topics.set(topic, left);
    else topics.delete(topic);
  };
  const figures = (): ConnectionFigures => ({ active: { ...active }, topics: Object.fromEntries(topics) });

  async function saveCounts(): Promise<void> {
    const { opened, closed, durationMs } = unsaved;
    if (opened === 0 && closed === 0) return;
    unsaved = { opened: 0, closed: 0, durationMs: 0 };
    const hour = hourOf(clock.now());
    await addCounts(handle.db, [
      { name: openedName, hour, by: opened },
      { name: closedName, hour, by: closed, sum: durationMs },
    ]);
  }

  async function report(): Promise<void> {
    await saveCounts();
    const current = figures();
    const text = JSON.stringify(current);
    // Said again now and then, as a process that falls silent is taken for dead.
    if (text === reported && monotonic() - reportedAt < seconds(20)) return;
    await reportNode(handle.db, clock, "live", { nodeId, report: { ...current } });
    if (timer && text !== reported) onChanged?.();
    reported = text;
    reportedAt = monotonic();
  }

  function save(): Promise<void> {
    saving = saving.then(report).catch((err: unknown) => {
      log.warn({ err }, "the figures of the live lane could not be saved");
    });
    return saving;
  }

  return {
    open(transport) {
      const alike = transport === "sse" ? active.sse : active.websocket + active.trpc;
      if (alike >= maxConnections) return undefined;
      active[transport] += 1;
      unsaved.opened += 1;
      const openedAt = monotonic();
      const mine = new Set<string>();
      let isOpen = true;
      return {
        addTopics(added) {
          for (const topic of added) {
            if (!isOpen || mine.has(topic)) continue;
            mine.add(topic);
            count(topic, 1);
          }
        },
        removeTopics(removed) {
          for (const topic of removed) if (mine.delete(topic)) count(topic, -1);
        },
        close() {
          if (!isOpen) return;
          isOpen = false;
          active[transport] -= 1;
          unsaved.closed += 1;
          unsaved.durationMs += monotonic() - openedAt;
          for (const topic of mine) count(topic, -1);
          mine.clear();
        },
      };
    },
    follow(followed) {
      let listed = [...new Set(followed)];
      for (const topic of listed) count(topic, 1);
      return () => {
        for (const topic of listed) count(topic, -1);
        listed = [];
      };
    },
    figures,
    start() {
      timer ??= setInterval(() => void save(), reportMs);
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await save();
      await forgetNode(handle.db, "live", nodeId);
    },
    async stats(db) {
      await save();
      const others = (await listNodes(db, clock, "live")).filter((node) => node.nodeId !== nodeId);
      const all = [figures(), ...others.map(({ report: written }) => parseFigures(written))];
      const counts = await readCounts(db, [openedName, closedName]);
      const closed = counts.get(closedName);
      const activeByTransport: Record<Transport, number> = { websocket: 0, trpc: 0, sse: 0 };
      const subscriptionBreakdown: Record<string, number> = {};
      for (const node of all) {
        for (const [transport, n] of Object.entries(node.active))
          activeByTransport[transport as Transport] += n;
        for (const [topic, n] of Object.entries(node.topics)) {
          subscriptionBreakdown[topic] = (subscriptionBreakdown[topic] ?? 0) + n;
        }
      }
      return {
        totalConnections: counts.get(openedName)?.count ?? 0,
        activeConnections: Object.values(activeByTransport).reduce((a, b) => a + b, 0),
        activeByTransport,
        averageConnectionDuration: closed && closed.count > 0 ? closed.sum / closed.count : 0,
        subscriptionBreakdown,
      };
    },
  };
}

/** Only `report` writes these rows, in this or another process of the same version. */
function parseFigures(report: Record<string, unknown>): ConnectionFigures {
  const { active, topics } = report as Partial<ConnectionFigures>;
  return { active: { websocket: 0, trpc: 0, sse: 0, ...active }, topics: topics ?? {} };
}
