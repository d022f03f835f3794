/** What is read of a request's headers: those of the Fetch API, or Node's behind the same method. */
export interface HeaderReader {
  get(name: string): string | null;
}

/** The headers of a request, or those that were given. */
export function headersOf(from: Request | HeaderReader): HeaderReader {
  return from instanceof Request ? from.headers : from;
}
