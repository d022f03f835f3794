export { entityTypes, isShed, loadOf, priorityOf, userActionTypes } from "./core/actions.ts";
export type { EntityType, Load, Priority, UserActionType } from "./core/actions.ts";
export type { Fact, FactOf, FactPayloads, FactTopic } from "./core/facts.ts";
export { outboxChannel, wakeRelay } from "./bus/bus.ts";
export type { Bus, BusHealth, BusListener } from "./bus/bus.ts";
export { createInProcessBus } from "./bus/bus-in-process.ts";
export { createRedisBus, redisNobodyWaitsFor } from "./bus/bus-redis.ts";
export { appendAction, publishFact, publishFacts } from "./outbox/outbox.ts";
export type { ActionInput, ActionOptions, FactOptions } from "./outbox/outbox.ts";
export type { BatchContext, Consumer, ConsumerContext, DeliveredFact } from "./relay/consumer.ts";
export { commitGroup } from "./core/commit-group.ts";
export type { CommitGroup } from "./core/commit-group.ts";
export { defaultRetryPolicy, retryDelayMs } from "./core/backoff.ts";
export type { RetryPolicy } from "./core/backoff.ts";
export { addCount, addCounts, counterNames, hourOf, readCounts } from "./stats/counters.ts";
export type { Count, CountChange } from "./stats/counters.ts";
export { createOutboxRelay, defaultRelaySettings } from "./relay/relay.ts";
export type { OutboxRelay, RelayOptions, RelaySettings, RelayStats } from "./relay/relay.ts";
export { actionCounterName } from "./stats/action-counter.ts";
export { appendActions } from "./outbox/outbox.ts";
export type { AppendedAction } from "./outbox/outbox.ts";
export { eventDetails, eventStats, recountEvents, resetStats } from "./stats/event-stats.ts";
export type { EventDetails, EventStats } from "./stats/event-stats.ts";
export { factsOfShoppers, forgetEvents, forgetFacts } from "./forget.ts";
export { unpackEventsOf } from "./outbox/open-events.ts";
export { quantilesOf } from "./core/latency-sketch.ts";
export type { LatencyQuantiles, LatencySketch } from "./core/latency-sketch.ts";
export { addLatencies, createLatencyBook, readLatencies, removeOldLatencies } from "./stats/latencies.ts";
export type { LatencyBook } from "./stats/latencies.ts";
export { readFigures } from "./stats/stats-baseline.ts";
export { clearQueue, discardParkedFact, listArchives, restoreArchive } from "./outbox/queue-archive.ts";
export type { ArchiveResult, QueueArchive } from "./outbox/queue-archive.ts";
export { forgetDeadNodes, forgetNode, listNodes, reportNode } from "./stats/nodes.ts";
export type { NodeReport } from "./stats/nodes.ts";
export {
  countOpenFacts,
  factRetentionMs,
  listParkedFacts,
  readQueue,
  removeOldFacts,
  retryParkedFact,
} from "./outbox/queue.ts";
export type { ParkedFact, QueueOverview } from "./outbox/queue.ts";
export { createStepTimer, pipelineSteps, readStepFigures } from "./stats/step-timer.ts";
export type { PipelineStep, StepFigures, StepTimer } from "./stats/step-timer.ts";
export { leadingThrottle, throttleKey } from "./bus/throttle.ts";
export type { Throttle, ThrottleOptions } from "./bus/throttle.ts";
export { passesThrottle } from "./core/throttle.ts";
export { trackActions } from "./track.ts";
export type { TrackedAction, TrackOptions } from "./track.ts";
export { holdWhoseEvents } from "./whose-events.ts";
