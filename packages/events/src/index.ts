export { entityTypes, isShed, loadOf, priorityOf, userActionTypes } from "./core/actions.ts";
export type { EntityType, Load, Priority, UserActionType } from "./core/actions.ts";
export type { Fact, FactOf, FactPayloads, FactTopic } from "./core/facts.ts";
export { outboxChannel, wakeRelay } from "./bus.ts";
export type { Bus, BusHealth, BusListener } from "./bus.ts";
export { createInProcessBus } from "./bus-in-process.ts";
export { createRedisBus } from "./bus-redis.ts";
export { appendAction, publishFact, publishFacts } from "./outbox.ts";
export type { ActionInput, ActionOptions, FactOptions } from "./outbox.ts";
