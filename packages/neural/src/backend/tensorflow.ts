import type * as Tf from "@tensorflow/tfjs-core";

/** TensorFlow.js, as it is handed on by whoever has loaded it. */
export type Tensorflow = typeof Tf;
