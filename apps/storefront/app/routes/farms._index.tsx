import { Anchor, Badge, EmptyState, FarmMark, PageHead } from "@almanac/ui";
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import type { CSSProperties } from "react";

export const meta: MetaFunction = () => [{ title: "Farms · Almanac" }];

export const loader = async ({ context: { api } }: LoaderFunctionArgs) => ({ farms: await api.farms.list() });

export default function Farms() {
  const { farms } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title="Farms" lead="The people who grow, milk and bake what you find here." />
      {farms.length === 0 && <EmptyState title="No farm sells here yet" picture="tractor" headingLevel={2} />}
      <ul className="tile-grid plain-list" style={{ "--tile-min": "18rem" } as CSSProperties}>
        {farms.map((farm) => (
          <li key={farm.id} className="card">
            <div className="farm-tile">
              <FarmMark name={farm.name} />
              <div>
                <h2 className="card__title">
                  <Anchor href={`/farms/${farm.slug}`}>{farm.name}</Anchor>
                </h2>
                <p className="soft small">{farm.town}</p>
              </div>
              <p className="farm-tile__story">{farm.story}</p>
              <div className="cluster">
                {farm.isOrganic && <Badge icon="leaf">Organic</Badge>}
                {farm.isFollowed && <Badge tone="good">You follow it</Badge>}
              </div>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
