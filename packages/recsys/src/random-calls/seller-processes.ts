import { fork } from "node:child_process";
import { once } from "node:events";
import type { Seller, SellerAsk, ShownItem, StallChange } from "./seller.ts";

export type SellerCall =
  | { readonly kind: "ask"; readonly ask: SellerAsk }
  | { readonly kind: "change"; readonly change: StallChange }
  | { readonly kind: "reload" };

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Starts a seller in a process of its own. Calls that are open when it ends by itself fail. */
export async function startSellerProcess(place: {
  readonly url: string;
  readonly redisUrl: string;
  readonly prefix: string;
}): Promise<Seller> {
  const script = new URL("./seller-process.ts", import.meta.url).pathname;
  // Flags of this process, such as a test runner's loaders, do not concern it.
  const child = fork(script, [place.url, place.redisUrl, place.prefix], { execArgv: [] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  let calls = 0;
  const isReady = once(child, "message");
  await Promise.race([
    isReady,
    ended.then(() => Promise.reject(new Error("a seller's process did not start"))),
  ]);
  child.on("message", (message) => {
    const { id, result, error } = message as Answer;
    const call = open.get(id);
    open.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  });
  void ended.then(() => {
    for (const call of open.values())
      call.reject(new Error("a seller's process ended in the middle of a call"));
  });

  function send(call: SellerCall): Promise<unknown> {
    const id = ++calls;
    const answer = Promise.withResolvers<unknown>();
    open.set(id, answer);
    child.send({ id, call });
    return answer.promise;
  }

  return {
    ask: (ask) => send({ kind: "ask", ask }) as Promise<ShownItem[]>,
    change: (change) => send({ kind: "change", change }) as Promise<void>,
    reload: () => send({ kind: "reload" }) as Promise<void>,
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
