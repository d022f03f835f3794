import { EmptyState, LinkButton } from "@almanac/ui";
import type { MetaFunction } from "@remix-run/node";

export const meta: MetaFunction = () => [{ title: "Deleted · Almanac" }];

export default function Erased() {
  return (
    <EmptyState
      title="It is deleted"
      picture="seedling"
      headingLevel={1}
      actions={<LinkButton href="/">What is good this week</LinkButton>}
    >
      We know nothing about you any more. You are welcome to shop without an account.
    </EmptyState>
  );
}
