import { EmptyState, LinkButton } from "@almanac/ui";
import { useRouteLoaderData } from "@remix-run/react";
import type { ComponentProps } from "react";
import { missingWords, type Standing } from "../../server/products/standing.ts";

export interface NotYetProps extends Pick<
  ComponentProps<typeof EmptyState>,
  "title" | "picture" | "children" | "actions"
> {
  /** The farm's address. */
  home: string;
}

/**
 * A farm's page with nothing on it. While nobody can order from the farm, what is missing and where to see to it; then what this page
 * waits for, and what the page itself offers to do.
 */
export function NotYet({ home, children, actions, ...rest }: NotYetProps) {
  const standing = useStanding();
  const missing = standing === "selling" ? undefined : missingWords[standing];
  return (
    <EmptyState
      headingLevel={2}
      actions={missing ? <LinkButton href={`${home}${missing.path}`}>{missing.label}</LinkButton> : actions}
      {...rest}
    >
      {missing && <p>{missing.why}</p>}
      {children && <p>{children}</p>}
    </EmptyState>
  );
}

/** How far a farm is, as the frame around its pages knows it. */
export function useStanding(): Standing {
  const frame = useRouteLoaderData("routes/farms.$farm") as { readonly standing: Standing } | undefined;
  return frame?.standing ?? "selling";
}
