import { ProductCardSkeleton, Skeleton } from "@almanac/ui";
import { useLocation, useNavigation } from "@remix-run/react";
import { useEffect, useState, type ReactNode } from "react";

/** A page that comes sooner is not announced by its outline. */
const patienceMs = 250;

/**
 * The page, or while another one is on its way for longer than a moment, that one's outline. The page itself stays as it is
 * behind it: what was typed is there again when the other does not come.
 */
export function IncomingPage({ children }: { children: ReactNode }) {
  const path = useIncomingPath();
  useEffect(() => {
    if (path !== undefined) window.scrollTo(0, 0);
  }, [path]);
  return (
    <>
      <div className="present-page" hidden={path !== undefined}>
        {children}
      </div>
      {path !== undefined && (
        <div className="incoming-page" aria-busy>
          <span className="visually-hidden" role="status">
            The page is on its way.
          </span>
          <PageOutline path={path} />
        </div>
      )}
    </>
  );
}

/** Where a navigation leads that has taken a moment; not when it only changes the page's search or sends a form. */
function useIncomingPath(): string | undefined {
  const { state, location, formMethod } = useNavigation();
  const { pathname } = useLocation();
  const next = location?.pathname;
  const isAnother = state === "loading" && formMethod === undefined && next !== pathname;
  const [path, setPath] = useState<string>();
  useEffect(() => {
    if (!isAnother) return setPath(undefined);
    const handle = setTimeout(() => setPath(next), patienceMs);
    return () => clearTimeout(handle);
  }, [isAnother, next]);
  return isAnother ? path : undefined;
}

function PageOutline({ path }: { path: string }) {
  if (path.startsWith("/products/")) return <ProductOutline />;
  if (path === "/" || path === "/search" || path === "/wishlist" || path.startsWith("/farms"))
    return (
      <div className="stack stack--loose">
        {path === "/" ? <Skeleton height="18rem" className="skeleton--card" /> : <HeadOutline />}
        <CardsOutline count={8} />
      </div>
    );
  return (
    <div className="stack">
      <HeadOutline />
      <Skeleton height="14rem" className="skeleton--card" />
      <Skeleton height="10rem" className="skeleton--card" />
    </div>
  );
}

function HeadOutline() {
  return (
    <div className="stack stack--tight">
      <Skeleton width="min(24rem, 70%)" height="2.6rem" />
      <Skeleton width="min(16rem, 50%)" height="1.2rem" />
    </div>
  );
}

function CardsOutline({ count }: { count: number }) {
  return (
    <ul className="result-grid result-grid--wide" aria-hidden>
      {Array.from({ length: count }, (_, index) => (
        <li key={index}>
          <ProductCardSkeleton />
        </li>
      ))}
    </ul>
  );
}

function ProductOutline() {
  return (
    <div className="stack stack--loose">
      <div className="beside beside--even">
        <Skeleton height="22rem" className="skeleton--card" />
        <div className="stack">
          <HeadOutline />
          <Skeleton height="5rem" />
          <Skeleton width="10rem" height="2.75rem" round />
        </div>
      </div>
      <CardsOutline count={4} />
    </div>
  );
}
