/** Where the focus was: what it takes to find its place again once its element is gone. */
export interface FocusSpot {
  readonly element: HTMLElement;
  /** The page that it was on. */
  readonly path: string;
  /** The part of the page that the focus stays in: its content, its head, a popover. */
  readonly part: HTMLElement;
  /** What the element stood in, from the nearest outwards. */
  readonly around: readonly HTMLElement[];
  /** What could be focused in that part, in order, and where among them the element was. */
  readonly stops: readonly HTMLElement[];
  readonly at: number;
  /** What it said, and which one it was of those that said the same. */
  readonly says: string;
  readonly twin: number;
  readonly twins: number;
}

const focusable =
  'a[href], button:not([disabled]), input:not([disabled], [type="hidden"]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex="0"]';

/** @returns `undefined` for what is in no part of a page */
export function spotOf(element: HTMLElement): FocusSpot | undefined {
  const part =
    element.closest<HTMLElement>('[popover], dialog, [role="status"], main') ??
    element.closest<HTMLElement>("header, footer, nav, aside");
  if (!part) return undefined;
  const stops = stopsIn(part);
  const says = saysOf(element);
  const twins = stops.filter((stop) => saysOf(stop) === says);
  return {
    element,
    path: location.pathname,
    part,
    around: ancestorsOf(element, part),
    stops,
    at: stops.indexOf(element),
    says,
    twin: twins.indexOf(element),
    twins: twins.length,
  };
}

/**
 * Where the focus goes on when its element is gone: to the one that was put in its place when the same are there as before
 * (a form that was made anew, perhaps with another word on its button), else to what came after it, before it or instead of it
 * in what is left around it (a list, a card), else to what came after it anywhere, else to what came before.
 *
 * @returns `undefined` when nothing of that part is left
 */
export function placeAfter(spot: FocusSpot): HTMLElement | undefined {
  if (spot.part.isConnected) {
    const stops = stopsIn(spot.part);
    const twins = stops.filter((stop) => saysOf(stop) === spot.says);
    if (spot.twin >= 0 && twins.length === spot.twins) return twins[spot.twin];
    const same = stops[spot.at];
    if (stops.length === spot.stops.length && same?.tagName === spot.element.tagName) return same;
  }
  const after = spot.stops.slice(spot.at + 1).find(isThere);
  const before = spot.stops.slice(0, Math.max(0, spot.at)).findLast(isThere);
  const left = spot.around.find((one) => one.isConnected);
  // What stands instead of it is near it only within the same card; a page that was made anew begins at its heading.
  const instead = left?.closest(".card, li, form") ? stopsIn(left).find(isThere) : undefined;
  return [after, before, instead].find((one) => one && left?.contains(one)) ?? after ?? before;
}

function ancestorsOf(element: HTMLElement, part: HTMLElement): HTMLElement[] {
  const found: HTMLElement[] = [];
  for (let at = element.parentElement; at && part.contains(at); at = at.parentElement) found.push(at);
  return found;
}

const stopsIn = (part: HTMLElement): HTMLElement[] => [...part.querySelectorAll<HTMLElement>(focusable)];

export const isThere = (element: HTMLElement): boolean => element.isConnected && element.checkVisibility();

function saysOf(element: HTMLElement): string {
  const words = element.getAttribute("aria-label") ?? element.textContent;
  return `${element.tagName} ${element.getAttribute("name") ?? ""} ${words}`;
}
