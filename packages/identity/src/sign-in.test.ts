import { describeOnEveryDatabase } from "@almanac/db/testing";
import { accounts, auditLog, outbox, sessions, shoppers, verifications } from "@almanac/db/schema";
import { createRateLimiter } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { createApiKey } from "./api-keys.ts";
import { addAccount, createTestIdentity, TestBrowser, testPassword } from "./testing.ts";

const email = "maya@example.org";

describeOnEveryDatabase("signing up", (test) => {
  it("signs the new person in at once", async () => {
    const browser = new TestBrowser(createTestIdentity(test.handle).identity);
    const response = await browser.signUp("Maya@Example.org", "Maya");
    expect(response.status).toBe(200);
    const caller = await browser.caller();
    expect(caller).toMatchObject({
      kind: "user",
      name: "Maya",
      email,
      roles: [],
      farmIds: [],
      marketIds: [],
    });
    const [shopper] = await test.db.select({ id: shoppers.id }).from(shoppers);
    expect(caller.shopperId).toBe(shopper!.id);
  });

  it("keeps an argon2id hash and never the password", async () => {
    const browser = new TestBrowser(createTestIdentity(test.handle).identity);
    await browser.signUp(email);
    const [account] = await test.db.select().from(accounts);
    expect(account?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(account)).not.toContain(testPassword);
  });

  it("refuses a second account with the same address, in any spelling", async () => {
    const browser = new TestBrowser(createTestIdentity(test.handle).identity);
    await browser.signUp(email);
    expect((await browser.signUp("MAYA@example.org")).status).toBe(422);
  });

  it("says the same to all but one of those who sign up with an address at the same moment", async () => {
    const { identity } = createTestIdentity(test.handle);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => new TestBrowser(identity).signUp(email)),
    );
    const late = await new TestBrowser(identity).signUp(email);
    const said = await Promise.all([...answers, late].map(async (each) => [each.status, await each.json()]));
    const refused = said.filter(([status]) => status !== 200);
    expect(refused).toHaveLength(4);
    for (const each of refused) expect(each).toEqual(said.at(-1));
    expect(said.at(-1)).toMatchObject([422, { code: "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL" }]);
    expect(await test.db.$count(accounts)).toBe(1);
  });

  it.each([
    ["a short password", { email, name: "Maya", password: "short" }],
    ["no address", { email: "maya", name: "Maya", password: testPassword }],
    ["no name", { email, password: testPassword }],
  ])("refuses %s", async (_, body) => {
    const browser = new TestBrowser(createTestIdentity(test.handle).identity);
    expect((await browser.post("/sign-up/email", body)).status).toBe(400);
    expect(await test.db.select().from(accounts)).toEqual([]);
  });

  it("does not let the form give itself roles or ids", async () => {
    const browser = new TestBrowser(createTestIdentity(test.handle).identity);
    const body = { email, name: "Maya", password: testPassword, roles: ["operator"], emailVerified: true };
    await browser.post("/sign-up/email", body);
    expect((await browser.caller()).roles).toEqual([]);
  });
});

describeOnEveryDatabase("signing in", (test) => {
  const start = async (overrides = {}) => {
    const world = createTestIdentity(test.handle, overrides);
    await addAccount(test.handle, { email, name: "Maya" }, world.clock);
    return { ...world, browser: new TestBrowser(world.identity) };
  };

  it("sets one cookie: __Host-, Secure, HttpOnly, SameSite=Lax, for the whole host", async () => {
    const { browser } = await start();
    expect((await browser.signIn(email)).status).toBe(200);
    expect(browser.setCookies).toHaveLength(1);
    const [cookie = ""] = browser.setCookies;
    expect(cookie).toMatch(/^__Host-almanac-session=/);
    for (const part of ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"])
      expect(cookie).toContain(part);
    expect(cookie).not.toMatch(/domain/i);
  });

  it("sets a plain name without Secure over http at another host, and it works there", async () => {
    const { identity } = await start();
    const browser = new TestBrowser(identity, "http://127.0.0.1:3000");
    await browser.signIn(email);
    expect(browser.setCookies[0]).toMatch(/^almanac-session=/);
    expect(browser.setCookies[0]).not.toContain("Secure");
    expect(browser.setCookies[0]).toContain("HttpOnly");
    expect((await browser.caller()).kind).toBe("user");
  });

  it("keeps the session's token out of the answer's body, where scripts could read it", async () => {
    const { browser } = await start();
    const body: unknown = await (await browser.signIn(email)).json();
    expect(body).toHaveProperty("user.email", email);
    expect(body).not.toHaveProperty("token");
  });

  it("gives the same answer for a wrong password and an unknown person", async () => {
    const { browser } = await start();
    const wrong = await browser.signIn(email, "not the password");
    const unknown = await browser.signIn("nobody@example.org");
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.text()).toBe(await unknown.text());
    expect((await browser.caller()).kind).toBe("anonymous");
  });

  it("does not take over a session id that was planted in the browser", async () => {
    const { browser, identity } = await start();
    const attacker = new TestBrowser(identity);
    await attacker.signUp("mallory@example.org");
    const planted = attacker.cookies.get("__Host-almanac-session") ?? "";
    browser.cookies.set("__Host-almanac-session", planted);
    await browser.signIn(email);
    expect(browser.cookies.get("__Host-almanac-session")).not.toBe(planted);
    expect((await browser.caller()).email).toBe(email);
    expect((await attacker.caller()).kind).toBe("anonymous");
  });

  it("does not believe a cookie whose signature is not ours", async () => {
    const { browser } = await start();
    await browser.signIn(email);
    const [session] = await test.db.select().from(sessions);
    browser.cookies.set("__Host-almanac-session", `${session?.token}.AAAA`);
    expect((await browser.caller()).kind).toBe("anonymous");
    browser.cookies.set("__Host-almanac-session", session?.token ?? "");
    expect((await browser.caller()).kind).toBe("anonymous");
  });

  it("ends after thirty days, by the wall clock", async () => {
    let now = new Date();
    const { browser } = await start({ wallClock: { now: () => now } });
    await browser.signIn(email);
    now = new Date(now.getTime() + 29 * 86_400_000);
    expect((await browser.caller()).kind).toBe("user");
    now = new Date(now.getTime() + 2 * 86_400_000);
    expect((await browser.caller()).kind).toBe("anonymous");
  });

  it("is refused from another site's page, with 403 and no cookie", async () => {
    const { browser } = await start();
    const response = await browser.post(
      "/sign-in/email",
      { email, password: testPassword },
      { origin: "https://evil.example" },
    );
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "origin_not_allowed" });
    expect(browser.setCookies).toEqual([]);
  });

  it("is limited by address and person, and says when to try again", async () => {
    const { browser } = await start({ limiter: createRateLimiter() });
    let last = await browser.signIn(email, "wrong password");
    for (let i = 0; i < 40 && last.status === 401; i++) last = await browser.signIn(email, "wrong password");
    expect(last.status).toBe(429);
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await browser.signIn("somebody.else@example.org")).status).toBe(401);
  });

  it("refuses demo accounts where they are switched off, with the right password too", async () => {
    const { identity, clock } = await start({ allowDemoSignIn: false });
    await addAccount(test.handle, { email: "ines@demo.example" }, clock);
    const browser = new TestBrowser(identity);
    const response = await browser.signIn("Ines@Demo.example");
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "demo_accounts_off" });
    expect((await browser.caller()).kind).toBe("anonymous");
  });

  it("ends what demo accounts still have where they are switched off: sessions and keys", async () => {
    const { identity, clock, browser } = await start();
    const { userId } = await addAccount(
      test.handle,
      { email: "ines@demo.example", roles: ["operator"] },
      clock,
    );
    await browser.signIn("ines@demo.example");
    const randomBytes = new Uint8Array(32).fill(1);
    const { key } = await test.handle.transaction((tx) =>
      createApiKey(tx, { userId, name: "old", scopes: ["operate.write"] }, { clock, randomBytes }),
    );
    const bearer = new Headers({ authorization: `Bearer ${key}` });
    expect((await identity.resolveCaller(bearer)).roles).toEqual(["operator"]);
    const { identity: production } = createTestIdentity(test.handle, { allowDemoSignIn: false });
    expect((await production.resolveCaller(browser.headers)).kind).toBe("anonymous");
    await expect(production.resolveCaller(bearer)).rejects.toMatchObject({ code: "api_key_invalid" });
  });

  it("refuses what is not JSON and what is far too long, without a server error", async () => {
    const { identity, browser } = await start();
    const send = (body: string) =>
      identity.handleAuthRequest(
        new Request("http://localhost:3000/api/auth/sign-in/email", {
          method: "POST",
          headers: { "content-type": "application/json", host: "localhost:3000" },
          body,
        }),
        { ip: "192.0.2.7" },
      );
    expect((await send("{")).status).toBe(400);
    expect((await send('"text"')).status).toBe(400);
    expect((await send("null")).status).toBe(400);
    expect((await send(`{"email":"${"a".repeat(20_000)}"}`)).status).toBe(400);
    expect((await browser.post("/sign-in/email", { email: { $ne: 1 }, password: [] })).status).toBe(400);
  });

  it("answers 404 for everything else that better-auth knows", async () => {
    const { browser } = await start();
    for (const path of [
      "/get-session",
      "/list-sessions",
      "/update-user",
      "/delete-user",
      "/sign-in/social",
      "/",
    ]) {
      expect((await browser.post(path, {})).status).toBe(404);
    }
  });
});

describeOnEveryDatabase("signing out", (test) => {
  it("ends the session at once, in every copy of the cookie, and says so to open sockets", async () => {
    const { identity } = createTestIdentity(test.handle);
    const browser = new TestBrowser(identity);
    await browser.signUp(email);
    const { sessionId, userId } = await browser.caller();
    const copy = new TestBrowser(identity);
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);

    expect((await browser.post("/sign-out", {})).status).toBe(200);
    expect(browser.cookies.size).toBe(0);
    expect((await copy.caller()).kind).toBe("anonymous");
    const facts = await test.db.select().from(outbox).where(eq(outbox.topic, "session.revoked"));
    expect(facts.map((fact) => fact.payload)).toEqual([{ userId, sessionId }]);
  });
});

describeOnEveryDatabase("a forgotten password", (test) => {
  const start = async () => {
    const world = createTestIdentity(test.handle);
    await addAccount(test.handle, { email, name: "Maya" }, world.clock);
    const browser = new TestBrowser(world.identity);
    await browser.signIn(email);
    const stranger = new TestBrowser(world.identity);
    return { ...world, browser, stranger };
  };
  const tokenIn = (link = "") => new URL(link).searchParams.get("token") ?? "";

  it("is replaced through a link to our own address, which works once and ends all sessions", async () => {
    const { sent, browser, stranger } = await start();
    const host = { host: "evil.example", origin: "http://evil.example" };
    expect((await stranger.post("/request-password-reset", { email }, host)).status).toBe(200);
    expect(sent).toEqual([
      { kind: "password-reset", to: email, name: "Maya", link: sent[0]?.link, validMinutes: 30 },
    ]);
    expect(sent[0]?.link).toMatch(/^http:\/\/localhost:3000\/reset-password\?token=[\w-]+$/);

    const token = tokenIn(sent[0]?.link);
    const newPassword = "an entirely new password";
    expect((await stranger.post("/reset-password", { token, newPassword })).status).toBe(200);
    expect((await browser.caller()).kind).toBe("anonymous");
    expect((await stranger.signIn(email, testPassword)).status).toBe(401);
    expect((await stranger.signIn(email, newPassword)).status).toBe(200);
    expect((await stranger.post("/reset-password", { token, newPassword: "and once again" })).status).toBe(
      400,
    );
    const audit = await test.db.select().from(auditLog);
    expect(audit.map((entry) => entry.action)).toEqual(["password.reset"]);
  });

  it("keeps only a hash of the link's token", async () => {
    const { sent, stranger } = await start();
    await stranger.post("/request-password-reset", { email });
    const token = tokenIn(sent[0]?.link);
    const rows = await test.db.select().from(verifications);
    expect(rows).toHaveLength(1);
    expect(token).not.toBe("");
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it("does not tell who has an account", async () => {
    const { sent, stranger } = await start();
    const known = await stranger.post("/request-password-reset", { email });
    const unknown = await stranger.post("/request-password-reset", { email: "nobody@example.org" });
    expect(await known.text()).toBe(await unknown.text());
    expect(sent).toHaveLength(1);
  });
});
