import { useTrackOnce } from "@almanac/client/react";
import type { FarmId } from "@almanac/kernel";
import { Badge, Breadcrumbs, Button, EmptyState, FarmMark, Picture, SectionHead } from "@almanac/ui";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useLocation } from "@remix-run/react";
import { photoOf, pictureOf } from "../products/card.ts";
import { ProductGrid } from "../products/product-grid.tsx";
import { RateForm, RatingSummary } from "../products/ratings.tsx";
import { loadBeside, loadOr404, runForm, textOf } from "../server/answer.server.ts";
import { trackDone } from "../server/track.server.ts";
import { ActionForm } from "../shell/action-form.tsx";

export async function loader({ params, context: { api } }: LoaderFunctionArgs) {
  const farm = await loadOr404(api.farms.get({ slug: params["slug"] ?? "" }));
  const [offer, ratings] = await Promise.all([
    loadBeside(() => api.shop.ofFarm({ farmId: farm.id, limit: 200 })),
    loadBeside(() => api.ratings.forFarm({ farmId: farm.id, limit: 10 })),
  ]);
  return { farm, ratings, picks: offer?.map((card) => ({ card })) };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.farm.name} · Almanac` : "Almanac" },
  { name: "description", content: data?.farm.story.slice(0, 200) ?? "" },
];

/** Follows, unfollows or rates the farm. */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const farmId = textOf(form, "farmId") as FarmId;
  const name = textOf(form, "name") || "the farm";
  return runForm(form, async () => {
    switch (textOf(form, "intent")) {
      case "follow":
        await context.api.farms.follow({ farmId });
        return { message: `You follow ${name}. You hear of new harvests first.` };
      case "unfollow":
        await context.api.farms.unfollow({ farmId });
        return { message: `You no longer follow ${name}.` };
      default: {
        const stars = Number(textOf(form, "stars"));
        await context.api.ratings.rateFarm({ farmId, stars, body: textOf(form, "body") });
        await trackDone(context, {
          action: "RATE_FARM",
          entityType: "FARM",
          entityId: farmId,
          metadata: { stars },
        });
        return { message: "Thank you. The farm will be glad to hear it." };
      }
    }
  });
}

export default function Farm() {
  const { farm, ratings, picks } = useLoaderData<typeof loader>();
  const { key } = useLocation();
  useTrackOnce(`${key} ${farm.id}`, { action: "VIEW_FARM", entityType: "FARM", entityId: farm.id });
  const address = `/farms/${farm.slug}`;
  const photo = photoOf(farm.image);
  return (
    <div className="stack stack--loose">
      <div>
        <Breadcrumbs
          items={[{ label: "Home", href: "/" }, { label: "Farms", href: "/farms" }, { label: farm.name }]}
        />
        <div className={photo ? "beside beside--even" : "stack"}>
          {photo && <Picture name={pictureOf(farm)} alt="" shape="page" eager photo={photo} />}
          <div className="stack">
            <div className="cluster">
              <FarmMark name={farm.name} />
              <h1>{farm.name}</h1>
            </div>
            <p className="soft">
              {[
                farm.town,
                ...farm.stalls.map(({ marketName, stall }) =>
                  stall ? `${marketName}, stall ${stall}` : marketName,
                ),
              ]
                .filter(Boolean)
                .join(" · ")}
            </p>
            <div className="cluster">
              {farm.isOrganic && <Badge icon="leaf">Organic</Badge>}
              {farm.acceptsSnap && <Badge>SNAP</Badge>}
              <Badge>{farm.followers === 1 ? "1 follower" : `${farm.followers} followers`}</Badge>
            </div>
            <p className="prose">{farm.story}</p>
            <ActionForm
              action={address}
              fields={{ intent: farm.isFollowed ? "unfollow" : "follow", farmId: farm.id, name: farm.name }}
            >
              {({ busy }) => (
                <Button
                  type="submit"
                  tone={farm.isFollowed ? "secondary" : "primary"}
                  busy={busy}
                  icon={farm.isFollowed ? "check" : "plus"}
                >
                  {farm.isFollowed ? "You follow this farm" : "Follow this farm"}
                </Button>
              )}
            </ActionForm>
          </div>
        </div>
      </div>
      <section className="stack" aria-labelledby="offer-title">
        <SectionHead id="offer-title" title="What it sells" />
        {picks && picks.length > 0 ? (
          <ProductGrid label={`Products of ${farm.name}`} picks={picks} />
        ) : (
          <EmptyState title="Nothing on sale right now" picture="seedling">
            Follow the farm and you hear of its next harvest first.
          </EmptyState>
        )}
      </section>
      <section className="stack" aria-labelledby="farm-ratings-title">
        <h2 id="farm-ratings-title">Ratings</h2>
        <RatingSummary ratings={ratings} />
        <RateForm action={address} fields={{ intent: "rate", farmId: farm.id }} what={farm.name} />
      </section>
    </div>
  );
}
