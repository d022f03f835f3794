import type { Tensor } from "@tensorflow/tfjs-core";
import type { Tensorflow } from "./tensorflow.ts";

/** Mean cross-entropy of log-odds by weights that sum to `total`, with the gradient in its short form. */
export function crossEntropy(
  tf: Tensorflow,
  logits: Tensor,
  labels: Tensor,
  { weights, total = logits.size }: { readonly weights?: Tensor; readonly total?: number } = {},
): Tensor {
  return tf.customGrad((...args: unknown[]) => {
    const [given, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const probability = tf.sigmoid(given);
    save([probability]);
    const kept = tf.clipByValue(probability, 1e-7, 1 - 1e-7);
    const each = tf.neg(
      tf.add(tf.mul(labels, tf.log(kept)), tf.mul(tf.sub(1, labels), tf.log(tf.sub(1, kept)))),
    );
    const value = tf.div(tf.sum(weights ? tf.mul(each, weights) : each), total);
    return {
      value,
      gradFunc: (slope: Tensor, saved: Tensor[]) => {
        const difference = tf.sub(saved[0]!, labels);
        return tf.mul(slope, tf.div(weights ? tf.mul(difference, weights) : difference, total));
      },
    };
  })(logits);
}
