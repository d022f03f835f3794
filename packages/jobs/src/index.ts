export { latestTick, nextTick, parseCron } from "./core/cron.ts";
export type { Cron } from "./core/cron.ts";
export { defineJob } from "./job.ts";
export type { Job, JobContext, JobLog, JobOptions, Schedule } from "./job.ts";
export { createJobRunner, enqueueJob, jobRetentionMs, removeOldJobs } from "./runner.ts";
export type { JobRunner, JobRunnerOptions, ScheduleLine } from "./runner.ts";
export { countJobs } from "./store.ts";
export type { JobCounts } from "./store.ts";
