import { once } from "node:events";
import { connect } from "node:net";

/** One connection over which one request is asked after the other, for clients that must cost less than the server. */
export interface PlainConnection {
  /** @returns status and body of the answer, which has to say its length */
  ask(request: string): Promise<PlainAnswer>;
  close(): void;
}

export interface PlainAnswer {
  readonly status: number;
  readonly body: string;
}

interface Asked {
  resolve(answer: PlainAnswer): void;
  reject(error: Error): void;
}

export async function openPlainConnection(port: number): Promise<PlainConnection> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  let asked: Asked | undefined;
  let text = "";
  let lost: Error | undefined;
  const fail = (error: Error): void => {
    lost ??= error;
    asked?.reject(error);
  };
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("the server closed the connection")));
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    const headEnd = text.indexOf("\r\n\r\n");
    if (headEnd === -1) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
    if (length === undefined) return fail(new Error("an answer without a length"));
    const bodyAt = headEnd + 4;
    if (text.length < bodyAt + Number(length)) return;
    asked?.resolve({ status: Number(text.slice(9, 12)), body: text.slice(bodyAt) });
  });
  return {
    ask(request) {
      if (lost) return Promise.reject(lost);
      text = "";
      const answered = Promise.withResolvers<PlainAnswer>();
      asked = answered;
      socket.write(request);
      return answered.promise;
    },
    close: () => socket.destroy(),
  };
}
