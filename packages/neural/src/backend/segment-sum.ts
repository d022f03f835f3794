import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { Tensorflow } from "./tensorflow.ts";

/** What both backends offer to kernels that are written outside of them. */
interface DataBackend {
  readSync(dataId: TensorInfo["dataId"]): Float32Array | Int32Array;
  makeOutput?(shape: number[], dtype: "float32", memoryOffset?: number, values?: Float32Array): TensorInfo;
  makeTensorInfo?(shape: number[], dtype: "float32", values?: Float32Array): TensorInfo;
  typedArrayFromHeap?(info: TensorInfo): Float32Array;
}

/**
 * Registers the kernel behind the gradient of an embedding look-up: rows of `x` are added up by the segment that each
 * belongs to. WebAssembly has none, and the one of the plain backend compares every row with every segment (rows x
 * segments); this one takes one pass over the rows.
 *
 * x is [rows, ...rest], segmentIds [rows]; the answer is [numSegments, ...rest]. Ids outside of the range are left out.
 */
export function registerSegmentSum(tf: Tensorflow, backendName: "wasm" | "cpu"): void {
  if (tf.getKernel("UnsortedSegmentSum", backendName)) tf.unregisterKernel("UnsortedSegmentSum", backendName);
  tf.registerKernel({
    kernelName: "UnsortedSegmentSum",
    backendName,
    kernelFunc: (({ inputs, backend, attrs }) => {
      const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
      const { numSegments } = attrs as { numSegments: number };
      const own = backend as DataBackend;
      const sums = segmentSums(
        own.readSync(x.dataId),
        own.readSync(segmentIds.dataId),
        numSegments,
        x.shape.slice(1).reduce((product, size) => product * size, 1),
      );
      const shape = [numSegments, ...x.shape.slice(1)];
      if (own.makeTensorInfo) return own.makeTensorInfo(shape, "float32", sums);
      const out = own.makeOutput!(shape, "float32");
      own.typedArrayFromHeap!(out).set(sums);
      return out;
    }) as KernelFunc,
  });
}

function segmentSums(
  values: ArrayLike<number>,
  segments: ArrayLike<number>,
  count: number,
  size: number,
): Float32Array {
  const sums = new Float32Array(count * size);
  for (let row = 0; row < segments.length; row++) {
    const segment = segments[row]!;
    if (segment < 0 || segment >= count) continue;
    for (let at = 0; at < size; at++) sums[segment * size + at]! += values[row * size + at]!;
  }
  return sums;
}
