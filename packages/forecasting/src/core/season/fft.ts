/**
 * The discrete Fourier transform in place, by the radix-2 method of Cooley & Tukey (1965), Mathematics of Computation 19.
 *
 * @param real n values, n a power of two
 * @param imaginary n values
 */
export function fft(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j]!, real[i]!];
      [imaginary[i], imaginary[j]] = [imaginary[j]!, imaginary[i]!];
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    const angle = (-2 * Math.PI) / size;
    for (let k = 0; k < half; k++) {
      const cos = Math.cos(angle * k);
      const sin = Math.sin(angle * k);
      for (let even = k; even < n; even += size) {
        const odd = even + half;
        const re = real[odd]! * cos - imaginary[odd]! * sin;
        const im = real[odd]! * sin + imaginary[odd]! * cos;
        real[odd] = real[even]! - re;
        imaginary[odd] = imaginary[even]! - im;
        real[even]! += re;
        imaginary[even]! += im;
      }
    }
  }
}

/** Power of a real series on a grid of frequencies k / size, k = 0 .. size / 2; the series is continued with zeros. */
export function powerSpectrum(values: ArrayLike<number>, size: number): Float64Array {
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  for (let at = 0; at < values.length; at++) real[at] = values[at]!;
  fft(real, imaginary);
  return Float64Array.from({ length: size / 2 + 1 }, (_, k) => real[k]! ** 2 + imaginary[k]! ** 2);
}

/** The least power of two from which on so many values fit. */
export function powerOfTwo(count: number): number {
  let size = 1;
  while (size < count) size *= 2;
  return size;
}

/**
 * Sums of products of values `lag` apart, for lags 0 .. most, from their power spectrum (Wiener & Khinchin).
 *
 * @param most below the number of values
 */
export function laggedProducts(values: ArrayLike<number>, most: number): Float64Array {
  const size = powerOfTwo(values.length + most + 1);
  const half = powerSpectrum(values, size);
  const real = Float64Array.from({ length: size }, (_, k) => half[Math.min(k, size - k)]!);
  fft(real, new Float64Array(size));
  return real.slice(0, most + 1).map((sum) => sum / size);
}

/**
 * Power at the frequencies k / n, k = 0 .. n / 2, for any number n of values: as one convolution with a chirp.
 * Bluestein (1970), "A linear filtering approach to the computation of discrete Fourier transform", IEEE Transactions on Audio
 * and Electroacoustics 18.
 */
export function powerOf(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const size = powerOfTwo(2 * n);
  const chirpReal = new Float64Array(size);
  const chirpImaginary = new Float64Array(size);
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  for (let t = 0; t < n; t++) {
    // Turns of t² / 2n: whole ones are nothing, and taken off before they cost digits.
    const angle = (Math.PI * ((t * t) % (2 * n))) / n;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    real[t] = values[t]! * cos;
    imaginary[t] = -values[t]! * sin;
    chirpReal[t] = chirpReal[(size - t) % size] = cos;
    chirpImaginary[t] = chirpImaginary[(size - t) % size] = sin;
  }
  fft(real, imaginary);
  fft(chirpReal, chirpImaginary);
  for (let k = 0; k < size; k++) {
    const re = real[k]! * chirpReal[k]! - imaginary[k]! * chirpImaginary[k]!;
    imaginary[k] = real[k]! * chirpImaginary[k]! + imaginary[k]! * chirpReal[k]!;
    real[k] = re;
  }
  // Backwards is forwards with both parts exchanged; what is left of the chirp has no power.
  fft(imaginary, real);
  return Float64Array.from(
    { length: Math.floor(n / 2) + 1 },
    (_, k) => (real[k]! / size) ** 2 + (imaginary[k]! / size) ** 2,
  );
}
