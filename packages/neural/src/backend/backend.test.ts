import { describe, expect, it } from "vitest";
import { loadBackend } from "./load-backend.ts";

describe("a backend of TensorFlow.js", () => {
  it("is the native one, or the next that runs, with the reason why not", async () => {
    const { name, refused } = await loadBackend();
    expect(["node", "wasm", "cpu"]).toContain(name);
    if (name !== "node") expect(refused.node).toMatch(/tfjs-node/);
  });

  it("can be none: then every reason is told", async () => {
    await expect(loadBackend([])).rejects.toThrow("no backend of TensorFlow.js runs here");
  });

  it.each(["wasm", "cpu"] as const)("has a gradient of embedding look-ups on %s", async (name) => {
    const { tf } = await loadBackend([name]);
    const table = tf.variable(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]));
    const { value, grads } = tf.variableGrads(() =>
      tf.sum(
        tf.mul(
          tf.gather(table, tf.tensor1d([2, 0, 2], "int32")),
          tf.tensor2d([
            [1, 2],
            [3, 4],
            [5, 6],
          ]),
        ),
      ),
    );
    expect([...value.dataSync()]).toEqual([5 + 12 + 3 + 8 + 25 + 36]);
    expect([...grads[table.name]!.dataSync()]).toEqual([3, 4, 0, 0, 6, 8]);
  });

  it.each(["wasm", "cpu"] as const)("keeps its memory flat on %s", async (name) => {
    const { tf } = await loadBackend([name]);
    const weights = tf.variable(tf.ones([8, 4]));
    const step = (): void => tf.tidy(() => void tf.matMul(tf.ones([2, 8]), weights).dataSync());
    step();
    const { numTensors, numBytes } = tf.memory();
    for (let at = 0; at < 100; at++) step();
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
  });
});
