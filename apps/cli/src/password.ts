import type { CommandIo } from "./command.ts";
import { wrongUse } from "./command.ts";

const keys = { enter: ["\r", "\n"], interrupt: "\u0003", endOfInput: "\u0004", backspace: ["\u007f", "\b"] };

/**
 * A password from a person, without showing it, or the first line of what is piped in.
 *
 * @throws AppError `input_invalid` when the person gives up
 */
export async function readPassword({ stdin, say }: CommandIo, question: string): Promise<string> {
  if (!stdin.isTTY) {
    let text = "";
    for await (const chunk of stdin.setEncoding("utf8")) text += String(chunk);
    return text.split(/\r?\n/)[0] ?? "";
  }
  say(question);
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  try {
    return await typedLine(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    say("\n");
  }
}

function typedLine(stdin: NodeJS.ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const onData = (chunk: string): void => {
      for (const key of chunk) {
        if (keys.enter.includes(key)) return done(() => resolve(typed.join("")));
        if (key === keys.interrupt || key === keys.endOfInput)
          return done(() => reject(wrongUse("no password was given")));
        if (keys.backspace.includes(key)) typed = typed.slice(0, -1);
        else typed.push(key);
      }
    };
    const done = (settle: () => void): void => {
      stdin.off("data", onData);
      settle();
    };
    stdin.on("data", onData);
  });
}
