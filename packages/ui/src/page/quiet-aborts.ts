/**
 * Remix prints what breaks off the reading of a page's data as an error, also when a person only went on to another page
 * meanwhile. That is none: it is left out of what the console is told, and everything else stays.
 *
 * @param on the console
 */
export function quietAborts(on: Pick<Console, "error">): void {
  const tell = on.error.bind(on);
  on.error = (...said: unknown[]) => {
    const [only] = said;
    if (said.length === 1 && only instanceof DOMException && only.name === "AbortError") return;
    tell(...said);
  };
}
