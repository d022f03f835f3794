import { describeOnEveryDatabase } from "@almanac/db/testing";
import { shiftedClock, type UserId } from "@almanac/kernel";
import {
  anonymousCaller,
  createCallerFactory,
  router,
  silentLogger,
  unlimited,
  wireErrorOf,
  type Caller,
  type RequestContext,
} from "@almanac/trpc";
import { TRPCError } from "@trpc/server";
import { expect, it } from "vitest";
import { accountMailSender } from "./account-mail.ts";
import { createCaptureMailer, mailEraseStep, mailExportStep } from "./capture.ts";
import { notificationRoutes } from "./router.ts";

const { admin } = notificationRoutes();
const createCaller = createCallerFactory(router({ admin: router(admin) }));
const signedIn: Caller = { ...anonymousCaller, kind: "user", userId: "u" as UserId };
const operator: Caller = { ...signedIn, roles: ["operator"] };
const clock = shiftedClock(new Date("2025-08-13T13:00:00Z"));

describeOnEveryDatabase("captured mail", (test) => {
  const as = (caller: Caller) => {
    const context: RequestContext = {
      caller,
      db: test.db,
      handle: test.handle,
      clock,
      log: silentLogger,
      requestId: "request-1",
      traceId: "trace-1",
      transport: "in-process",
      ip: "192.0.2.7",
      limiter: unlimited,
      ensureShopper: () => Promise.reject(new Error("nobody shops here")),
    };
    return createCaller(context).admin.mail;
  };
  const reasonOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof TRPCError ? wireErrorOf(error).reason : "allowed";
  };
  const send = (to: string, subject: string) =>
    createCaptureMailer({ db: test.db, clock }).send({ kind: "test", to, subject, text: "Hello" });

  it("is read whole by an operator, with its attachments", async () => {
    const attachments = [{ name: "a.ics", mime: "text/calendar", content: "BEGIN:VCALENDAR\r\n" }];
    await createCaptureMailer({ db: test.db, clock }).send({
      kind: "test",
      to: "maya@example.org",
      subject: "Hello",
      text: "Text",
      html: "<p>Text</p>",
      headers: { "X-Kind": "test" },
      attachments,
    });
    const { mails } = await as(operator).list();
    const [listed] = mails;
    expect(listed).toMatchObject({ kind: "test", to: "maya@example.org", subject: "Hello" });
    expect(await as(operator).get({ id: listed!.id })).toMatchObject({
      text: "Text",
      html: "<p>Text</p>",
      headers: { "X-Kind": "test" },
      attachments,
    });
  });

  it("is nobody else's to read", async () => {
    expect(await reasonOf(as(anonymousCaller).list())).toBe("sign_in_required");
    expect(await reasonOf(as(signedIn).list())).toBe("right_missing");
    expect(await reasonOf(as({ ...signedIn, roles: ["analyst"] }).list())).toBe("right_missing");
    const id = "00000000-0000-7000-8000-000000000000";
    expect(await reasonOf(as(operator).get({ id }))).toBe("mail_not_found");
  });

  it("is listed newest first, page by page, each mail once", async () => {
    for (let i = 0; i < 60; i++) {
      clock.advance(1);
      await send("maya@example.org", `Mail ${i}`);
    }
    const first = await as(operator).list();
    const second = await as(operator).list({ cursor: first.nextCursor });
    expect(second.nextCursor).toBeUndefined();
    const subjects = [...first.mails, ...second.mails].map((mail) => mail.subject);
    expect(subjects).toEqual(Array.from({ length: 60 }, (_, i) => `Mail ${59 - i}`));
  });

  it("holds the link of a password reset", async () => {
    const link = "http://localhost:3000/reset-password?token=abc";
    const sendMail = accountMailSender(createCaptureMailer({ db: test.db, clock }));
    await sendMail({ kind: "password-reset", to: "maya@example.org", name: "Maya", link, validMinutes: 30 });
    const { mails } = await as(operator).list();
    expect((await as(operator).get({ id: mails[0]!.id })).text).toContain(link);
  });

  it("is exported without its text and forgotten with the person it went to", async () => {
    await send("maya@example.org", "Yours");
    await send("bo@example.org", "Theirs");
    const subject = { email: "maya@example.org" };
    expect(await mailExportStep.export(test.db, subject)).toMatchObject([{ kind: "test", subject: "Yours" }]);
    await mailEraseStep.erase(test.db, subject);
    const { mails } = await as(operator).list();
    expect(mails.map((mail) => mail.to)).toEqual(["bo@example.org"]);
    await mailEraseStep.erase(test.db, {});
    expect((await as(operator).list()).mails).toHaveLength(1);
  });
});
