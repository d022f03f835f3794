import { createRequire } from "node:module";
import { registerSegmentSum } from "./segment-sum.ts";
import type { Tensorflow } from "./tensorflow.ts";

export const backendNames = ["node", "wasm", "cpu"] as const;
export type BackendName = (typeof backendNames)[number];

export interface Backend {
  readonly tf: Tensorflow;
  readonly name: BackendName;
  /** Why faster ones do not run, by name. */
  readonly refused: Readonly<Partial<Record<BackendName, string>>>;
}

/**
 * TensorFlow.js with the fastest backend that this machine runs: the native library where somebody has installed
 * `@tensorflow/tfjs-node`, else WebAssembly, else plain JavaScript. Belongs into a worker thread: computing blocks the
 * thread, and the backends add listeners to their process.
 *
 * @param wanted backends to try, in this order
 * @throws Error when none of them runs, with the reason of each
 */
export async function loadBackend(wanted: readonly BackendName[] = backendNames): Promise<Backend> {
  const tf = await import("@tensorflow/tfjs-core");
  // The core has no gradients of its own: this package brings them.
  await import("@tensorflow/tfjs-layers");
  // No greetings on the process' error stream.
  tf.enableProdMode();
  const refused: Partial<Record<BackendName, string>> = {};
  for (const name of wanted) {
    try {
      await importBackend(name);
      const own = name === "node" ? "tensorflow" : name;
      if (!(await tf.setBackend(own))) throw new Error(`TensorFlow.js could not start "${own}"`);
      await tf.ready();
      if (name !== "node") registerSegmentSum(tf, name);
      return { tf, name, refused };
    } catch (error) {
      refused[name] = error instanceof Error ? error.message.split("\n")[0]! : String(error);
    }
  }
  const reasons = Object.entries(refused).map(([name, reason]) => `${name}: ${reason}`);
  throw new Error(`no backend of TensorFlow.js runs here. ${reasons.join("; ")}`);
}

async function importBackend(name: BackendName): Promise<void> {
  if (name === "wasm") await import("@tensorflow/tfjs-backend-wasm");
  else if (name === "cpu") await import("@tensorflow/tfjs-backend-cpu");
  else {
    // Not in every installation: a name that is not written out is not resolved before it is needed.
    const optional = "@tensorflow/tfjs-node";
    restoreOldHelpers();
    await import(optional);
  }
}

/** `tfjs-node` still calls a helper that Node.js 23 took out of `util`. */
function restoreOldHelpers(): void {
  const util = createRequire(import.meta.url)("node:util") as Record<string, unknown>;
  util["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
}
