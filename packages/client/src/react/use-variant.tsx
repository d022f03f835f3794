import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from "react";
import { afterPaint } from "./after-paint.ts";
import { useLiveMessages } from "./shop-provider.tsx";
import { trpc } from "./trpc.ts";
import { mayChangePage, variantsAfter } from "./variants-after.ts";

/** The arm of whoever uses the page, in one running experiment. */
export interface Variant {
  readonly key: string;
  /** The part of the product that it changes. */
  readonly surface?: string | undefined;
  readonly arm: string;
  /** What the arm sets; empty for control and for whoever takes no part. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
  readonly isPartaking: boolean;
}

interface Variants {
  readonly list: readonly Variant[];
  /** Notes once for each arm that it was rendered and seen. */
  readonly expose: (surface: string) => void;
}

const VariantsContext = createContext<Variants>({ list: [], expose: () => undefined });

export interface VariantsProviderProps {
  /** As the server chose them for this page, so that nothing flickers. */
  variants: readonly Variant[];
  /** An experiment was stopped, started or rolled out: load again what depends on arms. */
  onChange: () => void;
  children: ReactNode;
}

/** A process that has not heard of the change yet goes by what it knows for a second. */
const onceMoreAfterMs = 1_200;

/** Experiments of the page below it, which follow `VARIANT_CHANGED` on the live lane. Needs a `ShopProvider` above. */
export function VariantsProvider({ variants, onChange, children }: VariantsProviderProps) {
  const [list, setList] = useState(variants);
  const { client } = trpc.useUtils();
  const exposed = useRef(new Set<string>());
  const latest = useRef({ list, onChange });
  latest.current = { list, onChange };
  const given = JSON.stringify(variants);
  useEffect(() => setList(JSON.parse(given) as readonly Variant[]), [given]);

  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  const readAgain = useCallback(async () => {
    // Beside the arms, not after them: both have two seconds.
    latest.current.onChange();
    try {
      setList(await client.experiments.assignments.query({ fresh: true }));
    } catch (error) {
      // What is on the page stays; the next message or page puts it right.
      console.info("Experiments could not be read again.", error);
    }
  }, [client]);
  useLiveMessages(({ type, payload }) => {
    // A name that an older packed type does not know yet.
    if ((type as string) !== "VARIANT_CHANGED") return;
    const known = latest.current.list;
    const after = variantsAfter(known, payload);
    setList(after);
    if (!mayChangePage(known, payload)) return;
    // What the page decides by itself is seen first: reading everything again keeps it busy for a while.
    if (after === known) void readAgain();
    else afterPaint(() => latest.current.onChange());
    clearTimeout(timer.current);
    timer.current = setTimeout(() => latest.current.onChange(), onceMoreAfterMs);
  });

  const expose = useCallback(
    (surface: string) => {
      const rendered = latest.current.list
        .filter((variant) => variant.surface === surface && variant.isPartaking)
        .map(({ key, arm }) => ({ key, arm }))
        .filter(({ key, arm }) => !exposed.current.has(`${key}/${arm}`));
      if (rendered.length === 0) return;
      for (const { key, arm } of rendered) exposed.current.add(`${key}/${arm}`);
      client.experiments.expose.mutate({ rendered: rendered.slice(0, 10) }).catch((error: unknown) => {
        for (const { key, arm } of rendered) exposed.current.delete(`${key}/${arm}`);
        console.info("An exposure could not be noted.", error);
      });
    },
    [client],
  );
  const value = useMemo<Variants>(() => ({ list, expose }), [list, expose]);
  return <VariantsContext.Provider value={value}>{children}</VariantsContext.Provider>;
}

/** The arm of one experiment; `undefined` while it does not run, which is control. */
export function useVariant(key: string): Variant | undefined {
  const { list } = useContext(VariantsContext);
  return list.find((variant) => variant.key === key);
}

/** What all arms of a surface set together, for whoever takes part; empty is control. */
export function useVariantConfig(surface: string): Variant["config"] {
  const { list } = useContext(VariantsContext);
  return useMemo(() => {
    const mine = list.filter((variant) => variant.surface === surface && variant.isPartaking);
    return Object.assign({}, ...mine.map(({ config }) => config)) as Variant["config"];
  }, [list, surface]);
}

/**
 * For the element that shows what a surface's experiments change: its arms are noted as seen once any of it is in sight.
 *
 * @returns a ref for the element; it has to be there in every arm, even empty, or the arms are not noted alike
 */
export function useExposure(surface: string): (element: Element | null) => void {
  const { list, expose } = useContext(VariantsContext);
  const [element, setElement] = useState<Element | null>(null);
  useEffect(() => {
    if (!element || list.length === 0) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) expose(surface);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, list, surface, expose]);
  return setElement;
}
