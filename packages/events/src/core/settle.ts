/** A step took longer than it may. */
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

/**
 * The work's result, or a `TimeoutError` when it takes longer. The work itself is not stopped; what it still does is for
 * the caller to make harmless.
 */
export async function within<T>(timeoutMs: number, what: string, work: Promise<T>): Promise<T> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => deadline.reject(new TimeoutError(`${what} took longer than ${timeoutMs} ms`)),
    timeoutMs,
  );
  try {
    return await Promise.race([work, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}
