import { LinkButton } from "@almanac/ui";

export interface PageTurnProps {
  isFirstPage: boolean;
  nextCursor: string | null | undefined;
  /** What the next page holds, in one word. */
  label?: string;
}

/** Under a list that is read newest first: on to what is older, and back to the newest. */
export function PageTurn({ isFirstPage, nextCursor, label = "Older" }: PageTurnProps) {
  return (
    <div className="cluster">
      {!isFirstPage && (
        <LinkButton href="?" tone="secondary" size="small">
          The latest
        </LinkButton>
      )}
      {nextCursor && (
        <LinkButton href={`?before=${nextCursor}`} tone="secondary" size="small">
          {label}
        </LinkButton>
      )}
    </div>
  );
}
