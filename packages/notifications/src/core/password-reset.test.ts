import { describe, expect, it } from "vitest";
import { passwordResetMail } from "./password-reset.ts";

describe("the mail with a link to a new password", () => {
  const link = "https://shop.example/reset-password?token=abc";
  const mail = passwordResetMail({ to: "maya@example.org", name: "<Maya>", link, validMinutes: 30 });

  it("has the link in both forms and says how long it works", () => {
    expect(mail).toMatchObject({ kind: "password-reset", to: "maya@example.org" });
    expect(mail.text).toContain(`\n${link}\n`);
    expect(mail.html).toContain(`<a href="${link}">`);
    expect(mail.text).toContain("30 minutes");
  });

  it("keeps the token out of the subject and the name inert", () => {
    expect(mail.subject).not.toContain("abc");
    expect(mail.html).toContain("Hello &lt;Maya&gt;");
  });
});
