/** Says on stderr what is being done, at most twice a second for one step. */
export interface Progress {
  step(text: string): void;
  share(text: string): (share: number) => void;
}

export function stderrProgress(
  write: (text: string) => void = (text) => void process.stderr.write(text),
): Progress {
  const started = performance.now();
  const stamp = (): string => `[${((performance.now() - started) / 1000).toFixed(1)} s]`;
  return {
    step: (text) => write(`${stamp()} ${text}\n`),
    share(text) {
      let last = performance.now();
      return (share) => {
        if (performance.now() - last < 5_000) return;
        last = performance.now();
        write(`${stamp()} ${text}: ${Math.round(100 * share)} %\n`);
      };
    },
  };
}
