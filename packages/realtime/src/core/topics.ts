import { AppError, isUuid, type FarmId, type ShopperId } from "@almanac/kernel";
import { denialOf, isOperator, type Caller } from "@almanac/trpc";
import { farmTopics, monitorTopic, simpleTopics, type SimpleTopic } from "../messages.ts";

/**
 * Where a message is published. A topic that clients name, or a shopper's own part of a simple topic
 * (`shopper:<id>:personalized`), which only that shopper receives, under the topic's plain name. `system` reaches everybody
 * and `internal:...` nobody outside.
 */
export type Channel = string;

/** A shopper's own part of a topic. */
export function shopperChannel(shopperId: ShopperId, topic: SimpleTopic): Channel {
  return `shopper:${shopperId}:${topic}`;
}

/** Whose own part of a topic a channel is; `undefined` for what more than one may receive. */
export function shopperOf(channel: Channel): ShopperId | undefined {
  const [scope, id] = channel.split(":", 2);
  return scope === "shopper" ? (id as ShopperId) : undefined;
}

/** What everybody receives without asking. */
export const systemChannel = "system";

/** Tells every process that a session or an API key ended. */
export const sessionsChannel = "internal:sessions";

const ownTopics: readonly string[] = ["personalized", "cart"] satisfies SimpleTopic[];

const isSimple = (topic: string): boolean => (simpleTopics as readonly string[]).includes(topic);

/**
 * Where a message can be published; a bare `shopper:<id>` means the shopper's `personalized`.
 *
 * @returns `undefined` when there is no such channel
 */
export function parseChannel(text: string): Channel | undefined {
  if (text === systemChannel || text === sessionsChannel) return text;
  const [scope, id, name, ...rest] = text.split(":");
  if (scope === "shopper" && id !== undefined && isUuid(id) && rest.length === 0) {
    if (name === undefined) return `${text}:personalized`;
    return isSimple(name) ? text : undefined;
  }
  return isTopic(text) ? text : undefined;
}

/** The topic under which a client receives what was published on a channel. */
export function topicOf(channel: Channel): string {
  const own = /^shopper:[^:]+:(.+)$/.exec(channel);
  return own?.[1] ?? channel;
}

/** Whether clients can name this topic at all. */
export function isTopic(topic: string): boolean {
  if (isSimple(topic) || topic === monitorTopic) return true;
  const [scope, id, name, ...rest] = topic.split(":");
  if (id === undefined || !isUuid(id) || rest.length > 0) return false;
  if (scope === "farm") return name === undefined || (farmTopics as readonly string[]).includes(name);
  return (scope === "market" || scope === "product") && name === undefined;
}

/**
 * The channels behind a topic, for this caller.
 *
 * @returns none for what is the caller's own when the caller is nobody yet
 * @throws AppError `input_invalid` for an unknown topic, `topic_forbidden` for a farm's inner topics to all but its members
 */
export function channelsOf(topic: string, caller: Caller): Channel[] {
  if (!isTopic(topic)) {
    throw new AppError("input_invalid", `There is no topic "${topic.slice(0, 100)}".`, {
      details: { topic },
    });
  }
  if (isSimple(topic)) {
    const own = caller.shopperId ? [`shopper:${caller.shopperId}:${topic}`] : [];
    return ownTopics.includes(topic) ? own : [topic, ...own];
  }
  if (topic === monitorTopic && denialOf(caller, "operate.read") !== undefined) {
    throw new AppError("topic_forbidden", "Only operators may follow this topic.", { details: { topic } });
  }
  const [scope, id, name] = topic.split(":");
  if (scope === "farm" && name !== undefined && !isMember(caller, id as FarmId)) {
    throw new AppError("topic_forbidden", "Only members of the farm may follow this topic.", {
      details: { topic },
    });
  }
  return [topic];
}

function isMember(caller: Caller, farmId: FarmId): boolean {
  if (caller.scopes && !caller.scopes.includes("farm.read")) return false;
  return isOperator(caller) || caller.farmIds.includes(farmId);
}

/** The channels behind several topics, each once, with what everybody receives. */
export function channelsOfAll(topics: readonly string[], caller: Caller): Channel[] {
  return [...new Set([systemChannel, ...topics.flatMap((topic) => channelsOf(topic, caller))])];
}
