import { Anchor, Card } from "@almanac/ui";
import { useLoaderData } from "@remix-run/react";
import { Suggesting } from "../products/suggesting.tsx";
import type { accountOf } from "../server/account.server.ts";

/** Products that the shopper does not want suggested. */
export function HiddenCard() {
  const { hidden } = useLoaderData<typeof accountOf>();
  if (hidden.length === 0) return null;
  return (
    <Card title="Not suggested to you">
      <ul className="plain-list">
        {hidden.map(({ productId, slug, name }) => (
          <li key={productId} className="cluster cluster--apart">
            <Anchor href={`/products/${slug}`}>{name}</Anchor>
            <Suggesting product={{ id: productId, name }} isHidden />
          </li>
        ))}
      </ul>
    </Card>
  );
}
