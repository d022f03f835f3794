/** Variables of the first plan that nothing reads any more, and what holds in their place. */
const retired: Readonly<Record<string, string>> = {
  WS_PORT: "the live lane is served on PORT",
  WS_HOST: "the live lane is served on HOST",
  WS_PATH: "the live lane is at /trpc, and at /ws/recommendations for plain sockets",
  RECOMMENDATION_CACHE_TTL:
    "answers are not cached: a shopper's profile holds until they do something, a trend until an order, and a browser may keep a list for 60 s",
  RECOMMENDATION_BATCH_SIZE: "at least 10 facts are handled together, more while many wait",
  RECOMMENDATION_PROCESSING_INTERVAL: "facts are handled as they come, and looked for every second",
  RECOMMENDATION_TIMEOUT: "what reacts to a fact is given up after 5 s and tried again",
  EVENT_QUEUE_MAX_SIZE: "the queue is full with 10,000 open facts",
  REDIS_TTL: "nothing that expires is kept in Redis but limits and throttles",
  ADMIN_SECRET_KEY: "there is no shared key: operators sign in, or use an API key of theirs",
  NEXT_PUBLIC_ADMIN_KEY: "there is no shared key: operators sign in, or use an API key of theirs",
  ENABLE_STATS_ENDPOINT: "figures are always there, for operators",
  STATS_UPDATE_INTERVAL: "figures are read when somebody asks for them",
};

/** A sentence for each variable that is set and not read any more, without its value; none where all is as it should be. */
export function retiredVariables(variables: Record<string, string | undefined>): string[] {
  return Object.entries(retired).flatMap(([name, instead]) =>
    variables[name] ? [`${name} is set and not read any more: ${instead}.`] : [],
  );
}
