import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, expect, describe, it } from "vitest";
import { createSmtpMailer } from "./smtp.ts";

/** Just enough of RFC 5321 to take one mail at a time. */
async function startSmtpServer({ refuses = false } = {}) {
  const received: { to: string[]; data: string }[] = [];
  const server = createServer((socket) => converse(socket, received, refuses));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { server, received, url: `smtp://127.0.0.1:${port}` };
}

function converse(socket: Socket, received: { to: string[]; data: string }[], refuses: boolean): void {
  let to: string[] = [];
  let data: string | undefined;
  let pending = "";
  const answer = (line: string) => socket.write(`${line}\r\n`);
  socket.setEncoding("utf8");
  answer("220 test");
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: string) => {
    const lines = (pending + chunk).split("\r\n");
    pending = lines.pop() ?? "";
    for (const line of lines) {
      if (data !== undefined) {
        if (line !== ".") data += `${line}\n`;
        else {
          received.push({ to, data });
          data = undefined;
          to = [];
          answer("250 taken");
        }
      } else if (line.startsWith("RCPT TO:")) {
        to.push(line.slice(8));
        answer(refuses ? "550 nobody here" : "250 ok");
      } else if (line === "DATA") {
        data = "";
        answer("354 go on");
      } else if (line === "QUIT") {
        answer("221 bye");
        socket.end();
      } else answer("250 ok");
    }
  });
}

const open: { server?: Server; close?: () => void } = {};
afterEach(async () => {
  open.close?.();
  await new Promise<void>((resolve) => (open.server ? open.server.close(() => resolve()) : resolve()));
});

describe("sending over SMTP", () => {
  const mail = {
    kind: "order-receipt",
    to: "maya@example.org",
    subject: "Order A-1: Käse\r\nBcc: everyone@example.org",
    text: "Hello",
    html: "<p>Hello</p>",
    attachments: [
      { name: "a.ics", mime: "text/calendar; charset=utf-8; method=PUBLISH", content: "BEGIN:VCALENDAR" },
    ],
  };

  it("delivers text, HTML and attachments to one person, whatever the subject tries", async () => {
    const { server, received, url } = await startSmtpServer();
    const mailer = createSmtpMailer(url, { from: "Riverside <market@example.org>" });
    Object.assign(open, { server, close: () => mailer.close() });
    await mailer.send(mail);
    expect(received).toHaveLength(1);
    expect(received[0]?.to).toEqual(["<maya@example.org>"]);
    const data = received[0]?.data ?? "";
    expect(data).toMatch(/^From: Riverside <market@example.org>$/m);
    expect(data).not.toMatch(/^Bcc:/m);
    for (const type of ["text/plain", "text/html", "text/calendar"])
      expect(data).toContain(`Content-Type: ${type}`);
    expect(data).toContain("filename=a.ics");
  });

  it("takes an address with a comma for one recipient or none, never for two", async () => {
    const { server, received, url } = await startSmtpServer();
    const mailer = createSmtpMailer(url, { from: "market@example.org" });
    Object.assign(open, { server, close: () => mailer.close() });
    await mailer.send({ ...mail, to: "a@example.org,b@example.org" }).catch((error: unknown) => {
      expect(error).toMatchObject({ code: "mail_server_down" });
    });
    expect(received.flatMap((one) => one.to).filter((to) => to === "<b@example.org>")).toEqual([]);
  });

  it("says that the server refused, or is not there", async () => {
    const { server, url } = await startSmtpServer({ refuses: true });
    const mailer = createSmtpMailer(url, { from: "market@example.org" });
    Object.assign(open, { server, close: () => mailer.close() });
    await expect(mailer.send(mail)).rejects.toMatchObject({ code: "mail_server_down" });
    const nowhere = createSmtpMailer("smtp://127.0.0.1:1", { from: "market@example.org" });
    await expect(nowhere.send(mail)).rejects.toMatchObject({ code: "mail_server_down" });
  });
});
