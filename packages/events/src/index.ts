export { entityTypes, isShed, loadOf, priorityOf, userActionTypes } from "./core/actions.ts";
export type { EntityType, Load, Priority, UserActionType } from "./core/actions.ts";
export type { Fact, FactOf, FactPayloads, FactTopic } from "./core/facts.ts";
export { outboxChannel, wakeRelay } from "./bus.ts";
export type { Bus, BusHealth, BusListener } from "./bus.ts";
export { createInProcessBus } from "./bus-in-process.ts";
export { createRedisBus, redisNobodyWaitsFor } from "./bus-redis.ts";
export { appendAction, publishFact, publishFacts } from "./outbox.ts";
export type { ActionInput, ActionOptions, FactOptions } from "./outbox.ts";
export type { BatchContext, Consumer, ConsumerContext, DeliveredFact } from "./consumer.ts";
export { commitGroup } from "./core/commit-group.ts";
export type { CommitGroup } from "./core/commit-group.ts";
export { defaultRetryPolicy, retryDelayMs } from "./core/backoff.ts";
export type { RetryPolicy } from "./core/backoff.ts";
export { addCount, addCounts, counterNames, hourOf, readCounts } from "./counters.ts";
export type { Count, CountChange } from "./counters.ts";
export { createOutboxRelay, defaultRelaySettings } from "./relay.ts";
export type { OutboxRelay, RelayOptions, RelaySettings, RelayStats } from "./relay.ts";
export { actionCounterName } from "./action-counter.ts";
export { appendActions } from "./outbox.ts";
export type { AppendedAction } from "./outbox.ts";
export { eventDetails, eventStats, recountEvents, resetStats } from "./event-stats.ts";
export type { EventDetails, EventStats } from "./event-stats.ts";
export { factsOfShoppers, forgetEvents, forgetFacts } from "./forget.ts";
export { unpackEventsOf } from "./open-events.ts";
export { quantilesOf } from "./core/latency-sketch.ts";
export type { LatencyQuantiles, LatencySketch } from "./core/latency-sketch.ts";
export { addLatencies, createLatencyBook, readLatencies, removeOldLatencies } from "./latencies.ts";
export type { LatencyBook } from "./latencies.ts";
export { readFigures } from "./stats-baseline.ts";
export { clearQueue, discardParkedFact, listArchives, restoreArchive } from "./queue-archive.ts";
export type { ArchiveResult, QueueArchive } from "./queue-archive.ts";
export { forgetDeadNodes, forgetNode, listNodes, reportNode } from "./nodes.ts";
export type { NodeReport } from "./nodes.ts";
export {
  countOpenFacts,
  factRetentionMs,
  listParkedFacts,
  readQueue,
  removeOldFacts,
  retryParkedFact,
} from "./queue.ts";
export type { ParkedFact, QueueOverview } from "./queue.ts";
export { createStepTimer, pipelineSteps, readStepFigures } from "./step-timer.ts";
export type { PipelineStep, StepFigures, StepTimer } from "./step-timer.ts";
export { leadingThrottle, throttleKey } from "./throttle.ts";
export type { Throttle, ThrottleOptions } from "./throttle.ts";
export { passesThrottle } from "./core/throttle.ts";
export { trackActions } from "./track.ts";
export type { TrackedAction, TrackOptions } from "./track.ts";
export { holdWhoseEvents } from "./whose-events.ts";
