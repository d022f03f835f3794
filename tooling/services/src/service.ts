/** A server that was started for tests only. */
export interface Service {
  name: "PostgreSQL" | "Redis";
  /** Where it answers, on the loopback address. */
  url: string;
  /** Stops it and removes its files. Calling it again does nothing. It also happens when this process ends. */
  stop: () => Promise<void>;
}

/** Either the service, or the reason why it is not there, to be printed beside what is skipped. */
export type ServiceAttempt =
  { service: Service; reason?: undefined } | { service?: undefined; reason: string };
