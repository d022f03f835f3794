/** A page that is hidden paints nothing, and goes on after so long. */
const hiddenAfterMs = 300;

/** Runs once what can wait until the browser has shown what was changed just before. */
export function afterPaint(run: () => void): void {
  let hasRun = false;
  const once = (): void => {
    if (hasRun) return;
    hasRun = true;
    run();
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, hiddenAfterMs);
}
