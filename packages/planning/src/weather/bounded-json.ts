/** Why an outside service's answer is of no use. */
export class OutsideAnswerError extends Error {
  override readonly name = "OutsideAnswerError";
}

export interface BoundedRequest {
  /** The answer has to be whole by then. */
  readonly timeoutMs: number;
  readonly mostBytes: number;
}

/**
 * JSON from an address outside, in bounds: an answer that is late, refused, redirected, too large or no JSON is an error. What
 * is too large is not read to its end.
 *
 * @throws OutsideAnswerError; what `fetch` throws where nobody answers or the time is over
 */
export async function readBoundedJson(url: URL, { timeoutMs, mostBytes }: BoundedRequest): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await fetch(url, {
    signal,
    redirect: "error",
    headers: { accept: "application/json" },
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new OutsideAnswerError(`answered ${response.status}`);
  }
  const text = await readText(response, mostBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new OutsideAnswerError("answered something that is no JSON");
  }
}

async function readText({ body }: Response, mostBytes: number): Promise<string> {
  if (!body) return "";
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts).toString("utf8");
    bytes += value.byteLength;
    if (bytes > mostBytes) {
      await reader.cancel();
      throw new OutsideAnswerError(`answered more than ${mostBytes} bytes`);
    }
    parts.push(value);
  }
}
