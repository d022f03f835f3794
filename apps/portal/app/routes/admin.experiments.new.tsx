import { Button, Card, FormError, InputField, PageHead } from "@almanac/ui";
import { redirect } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome } from "../outcome.ts";
import { useBusy } from "../parts/forms/act.tsx";
import { ExperimentFields, type StoredPlan } from "../parts/experiments/experiment-fields.tsx";
import { titled } from "../parts/frame/titled.ts";
import { readPlan } from "../server/experiments/experiment-form.ts";
import { adminAction, adminLoader } from "../server/request/handlers.ts";

export const loader = adminLoader(async ({ api, url }) => {
  const { all, guardrails } = await api.admin.experiments.metrics();
  const reranker = /^\d{1,9}$/.exec(url.searchParams.get("reranker") ?? "")?.[0];
  return { metrics: all, ...startOf(reranker), guardrails };
});

/** A learned ranking is tried beside the control in one list, where it takes the fewest shoppers. */
function startOf(reranker: string | undefined) {
  const arm = (key: string, name: string, config: Record<string, number>) => ({
    key,
    name,
    weight: 0.5,
    config,
  });
  return reranker === undefined
    ? { key: "", name: "", kind: "ab", arms: [arm("control", "As it is", {}), arm("challenger", "", {})] }
    : {
        key: `learned-${reranker}`,
        name: `Learned ranking ${reranker}`,
        kind: "interleaving",
        arms: [
          arm("control", "As it is", {}),
          arm("learned", `Learned ${reranker}`, { reranker: Number(reranker) }),
        ],
      };
}

export const action = adminAction({
  create: async ({ api, fields }) => {
    const key = fields.text("key", { required: "A short key, such as search-season." });
    const plan = await readPlan(api, fields);
    fields.done();
    const { id } = await api.admin.experiments.create({ key, ...plan });
    return redirect(`/admin/experiments/${id}`);
  },
});

export const meta = titled("New experiment");

export default function NewExperiment() {
  const { metrics, key, name, kind, arms, guardrails } = useLoaderData<typeof loader>();
  const outcome = useOutcome();
  const form = formState(outcome, "create");
  const busy = useBusy("create");
  const stored: StoredPlan = {
    name,
    kind,
    arms,
    guardrails,
    hypothesis: "",
    surface: "search",
    primaryMetric: "search_ctr",
    rollout: 1,
  };
  return (
    <>
      <PageHead title="New experiment" lead="It changes nothing for anybody until it is started." />
      <Card>
        <Form method="post" className="stack" preventScrollReset>
          <input type="hidden" name="intent" value="create" />
          {form.refused && <FormError title={outcome?.message ?? ""} />}
          <InputField
            label="Key"
            {...form.field("key", key)}
            required
            maxLength={60}
            pattern="[a-z][a-z0-9\-]*"
            placeholder="search-season"
            hint="Lower-case letters, digits and hyphens. Shoppers are dealt by it, so it stays as it is."
          />
          <ExperimentFields form={form} stored={stored} metrics={metrics} />
          <div>
            <Button type="submit" busy={busy}>
              Make the draft
            </Button>
          </div>
        </Form>
      </Card>
    </>
  );
}
