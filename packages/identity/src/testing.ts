import type { DatabaseHandle } from "@almanac/db";
import {
  newId,
  shiftedClock,
  type Clock,
  type FarmId,
  type MarketId,
  type ShopperId,
  type UserId,
} from "@almanac/kernel";
import { farms, markets } from "@almanac/db/schema";
import { anonymousCaller, silentLogger, unlimited, type Caller, type RequestContext } from "@almanac/trpc";
import type { AccountMessage } from "./account-message.ts";
import { createAccount, type NewAccount } from "./accounts.ts";
import { createIdentity, type Identity, type IdentityOptions } from "./identity.ts";
import { parseCookies } from "./core/cookies.ts";

export const testPassword = "correct horse battery";

/** argon2id of `testPassword`, made once: twenty accounts in a test would otherwise take half a second. */
export const testPasswordHash =
  "$argon2id$v=19$m=19456,t=2,p=1$sxant+2/ADKrCXz6eygPcg$HlsEB4udjv7PEKQz00yU3CUNNOIftAKo0Y6nqjRYbmA";

export interface TestIdentity {
  readonly identity: Identity;
  readonly clock: Clock;
  /** What would have been mailed, oldest first. */
  readonly sent: AccountMessage[];
}

/** Signing in over a test database: nothing is limited, demo accounts are welcome, mails land in `sent`. */
export function createTestIdentity(
  handle: DatabaseHandle,
  overrides: Partial<IdentityOptions> = {},
): TestIdentity {
  const sent: AccountMessage[] = [];
  const clock = overrides.clock ?? shiftedClock(new Date("2025-08-13T13:00:00Z"));
  const identity = createIdentity({
    handle,
    clock,
    secret: "a secret that is only good for tests",
    baseUrl: "http://localhost:3000",
    sendMail: (message) => {
      sent.push(message);
      return Promise.resolve();
    },
    log: silentLogger,
    limiter: unlimited,
    allowDemoSignIn: true,
    ...overrides,
  });
  return { identity, clock, sent };
}

/** Writes an account whose password is `testPassword`. */
export function addAccount(
  handle: DatabaseHandle,
  account: Partial<NewAccount> & { email: string },
  clock: Clock,
): Promise<{ userId: UserId; shopperId: ShopperId }> {
  const whole = { name: "Someone", passwordHash: testPasswordHash, ...account };
  return handle.transaction((tx) => createAccount(tx, whole, { clock }));
}

export async function addFarm(handle: DatabaseHandle, name: string): Promise<FarmId> {
  const id = newId<FarmId>();
  const slug = name.toLowerCase().replaceAll(" ", "-");
  await handle.db.insert(farms).values({ id, slug, name, latitude: 41.7, longitude: -73.9 });
  return id;
}

export async function addMarket(handle: DatabaseHandle, name: string): Promise<MarketId> {
  const id = newId<MarketId>();
  const slug = name.toLowerCase().replaceAll(" ", "-");
  const place = { timeZone: "America/New_York", latitude: 41.7, longitude: -73.9 };
  await handle.db.insert(markets).values({ id, slug, name, ...place });
  return id;
}

/** A browser with cookies, as far as signing in is concerned. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();
  /** `Set-Cookie` lines of the last answer. */
  setCookies: readonly string[] = [];
  readonly #identity: Identity;
  readonly #origin: string;

  constructor(identity: Identity, origin = "http://localhost:3000") {
    this.#identity = identity;
    this.#origin = origin;
  }

  get headers(): Headers {
    const url = new URL(this.#origin);
    const headers = new Headers({ host: url.host, "x-forwarded-proto": url.protocol.replace(":", "") });
    if (this.cookies.size > 0)
      headers.set("cookie", [...this.cookies].map((pair) => pair.join("=")).join("; "));
    return headers;
  }

  async post(path: string, body: unknown, extraHeaders: Record<string, string> = {}): Promise<Response> {
    const headers = this.headers;
    headers.set("content-type", "application/json");
    headers.set("origin", this.#origin);
    for (const [name, value] of Object.entries(extraHeaders)) headers.set(name, value);
    const request = new Request(`${this.#origin}/api/auth${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    const response = await this.#identity.handleAuthRequest(request, { ip: "192.0.2.7" });
    this.take(response.headers.getSetCookie());
    return response;
  }

  signIn(email: string, password = testPassword): Promise<Response> {
    return this.post("/sign-in/email", { email, password });
  }

  signUp(email: string, name = "Someone"): Promise<Response> {
    return this.post("/sign-up/email", { email, name, password: testPassword });
  }

  caller(): Promise<Caller> {
    return this.#identity.resolveCaller(this.headers);
  }

  /** Shops as whoever this browser is, and keeps the cookie that this sets. */
  async shop(): Promise<ShopperId> {
    const visit = await this.#identity.openVisit(this.headers);
    const shopperId = await visit.ensureShopper();
    this.take(visit.setCookies);
    return shopperId;
  }

  take(setCookies: readonly string[]): void {
    this.setCookies = setCookies;
    for (const line of setCookies) {
      const [pair = ""] = line.split(";");
      const [[name, value] = ["", ""]] = parseCookies(pair);
      if (value === "" || /max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, encodeURIComponent(value));
    }
  }
}

/** What a procedure is given, for tests that call routers in process. */
export function testContext(
  handle: DatabaseHandle,
  { caller = anonymousCaller, clock, shopperId }: { caller?: Caller; clock: Clock; shopperId?: ShopperId },
): RequestContext {
  return {
    caller,
    db: handle.db,
    handle,
    clock,
    log: silentLogger,
    requestId: "request-1",
    traceId: "trace-1",
    transport: "in-process",
    ip: "192.0.2.7",
    limiter: unlimited,
    ensureShopper() {
      const id = shopperId ?? caller.shopperId;
      return id ? Promise.resolve(id) : Promise.reject(new Error("this test's caller does not shop"));
    },
  };
}
