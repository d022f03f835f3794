import { Anchor, EmptyState } from "@almanac/ui";

export interface PreviewedProduct {
  id: string;
  name: string;
  farm: string;
  /** Places it is higher here than in the other order; absent when it is not among the first there. */
  moved?: number;
}

export interface PreviewedQuery {
  query: string;
  searches: number;
  before: readonly PreviewedProduct[];
  after: readonly PreviewedProduct[];
}

interface PreviewListProps {
  readonly queries: readonly PreviewedQuery[];
  /** Where one query is looked at closely. */
  readonly hrefOf: (query: string) => string;
}

/** Queries that are shown at once; the others are folded away, as a change may touch a hundred. */
const shownAtOnce = 8;

/** What a change of the weights does, query by query: the first places now and then. */
export function PreviewList({ queries, hrefOf }: PreviewListProps) {
  if (queries.length === 0) {
    return (
      <EmptyState title="No first place changes" headingLevel={3}>
        For none of these queries would a visitor see other products on the first three places.
      </EmptyState>
    );
  }
  const rest = queries.slice(shownAtOnce);
  return (
    <>
      <Queries queries={queries.slice(0, shownAtOnce)} hrefOf={hrefOf} />
      {rest.length > 0 && (
        <details className="plot__table">
          <summary>{rest.length === 1 ? "One more query" : `${rest.length} more queries`}</summary>
          <Queries queries={rest} hrefOf={hrefOf} />
        </details>
      )}
    </>
  );
}

function Queries({ queries, hrefOf }: PreviewListProps) {
  return (
    <ol className="preview-list">
      {queries.map(({ query, searches, before, after }) => (
        <li key={query} className="preview-query">
          <h3 className="preview-query__title">
            {query === "" ? <em>the whole shop</em> : `“${query}”`}
            <span className="small soft">
              {searches > 0 ? `${searches} searches in 30 days` : "a standing question"}
            </span>
            <Anchor className="small" href={hrefOf(query)}>
              Why<span className="visually-hidden"> {query || "the whole shop"}</span>?
            </Anchor>
          </h3>
          <div className="preview-query__sides">
            <Side title="Now" products={before} />
            <Side title="Then" products={after} withMoves />
          </div>
        </li>
      ))}
    </ol>
  );
}

function Side({
  title,
  products,
  withMoves = false,
}: {
  title: string;
  products: readonly PreviewedProduct[];
  withMoves?: boolean;
}) {
  return (
    <section className="preview-side" aria-label={title}>
      <h4 className="preview-side__title">{title}</h4>
      <ol className="preview-side__list">
        {products.map(({ id, name, farm, moved }, place) => (
          <li key={id} className={place < 3 ? "preview-row preview-row--top" : "preview-row"}>
            <span className="preview-row__place">{place + 1}</span>
            <span className="preview-row__name">
              {name} <span className="small soft">{farm}</span>
            </span>
            {withMoves && <Moved by={moved} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Moved({ by }: { by: number | undefined }) {
  if (by === undefined) return <span className="preview-move preview-move--new">new</span>;
  if (by === 0) {
    return (
      <span className="preview-move">
        <span aria-hidden>·</span>
        <span className="visually-hidden">stays</span>
      </span>
    );
  }
  const isUp = by > 0;
  return (
    <span className={isUp ? "preview-move preview-move--up" : "preview-move preview-move--down"}>
      <span aria-hidden>{isUp ? "↑" : "↓"}</span>
      <span className="visually-hidden">{isUp ? "up" : "down"} </span>
      {Math.abs(by)}
    </span>
  );
}
