import type { AlmanacClient } from "@almanac/client";
import { readArguments, wrongUse, type Command, type CommandIo } from "../command.ts";
import { connectHelp, onServer } from "./connect.ts";

const right = "operate.write";

const help = `almanac models list
almanac models show <version>
almanac models verify
almanac models activate <version>
almanac models rollout <version> [--percent N]
almanac models rollback <model>

The models of a running server. A version is written as its model and number, "churn/2", or as its id; a model is "churn",
"lifetime" or "season".

  list       every model with its versions, which one is live and which one is tried
  show       how a version does beside its baselines, where it comes from, and its drift
  verify     reads every file, asks its golden predictions, and follows the chain of acts; exits with 1 if anything is wrong
  activate   makes a version live at once, after its checks
  rollout    puts a version beside the live one: into its shadow, then with --percent to so many of a hundred
  rollback   ends a rollout, or else goes back to the version that was live before

${connectHelp(right)}`;

export const modelsCommand: Command = {
  name: "models",
  summary: "list, check, activate and roll back the models of a running server",
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, { percent: { type: "string" } });
    const [verb, subject, ...more] = positionals;
    const act = verb === undefined ? undefined : acts[verb];
    if (!act || more.length > 0)
      throw wrongUse("say what: models list, show, verify, activate, rollout or rollback");
    if (act.takes !== undefined && subject === undefined)
      throw wrongUse(`models ${verb} takes a ${act.takes}`);
    if (act.takes === undefined && subject !== undefined) throw wrongUse(`models ${verb} takes nothing more`);
    if (values.percent !== undefined && verb !== "rollout") throw wrongUse("--percent is for models rollout");
    const answer = await onServer(io.env, right, (api) => act.run(api, subject ?? "", io, values.percent));
    io.out(`${JSON.stringify({ command: `models ${verb}`, ...answer })}\n`);
    return answer["isWhole"] === false ? 1 : 0;
  },
};

interface Act {
  readonly takes?: "version" | "model";
  readonly run: (
    api: AlmanacClient,
    subject: string,
    io: CommandIo,
    percent: string | undefined,
  ) => Promise<Record<string, unknown>>;
}

const acts: Readonly<Record<string, Act>> = {
  list: {
    async run(api, _, io) {
      const { models } = await api.ml.models.list.query();
      for (const model of models) {
        io.say(`${model.name}: ${model.title}\n`);
        for (const { id, version, createdAt, servedBy } of model.versions) {
          const isTried = model.challenger?.versionId === id;
          const state =
            id === model.champion
              ? "champion"
              : isTried
                ? `challenger ${model.challenger?.percent} %`
                : "kept";
          io.say(
            `  ${`${model.name}/${version}`.padEnd(14)} ${state.padEnd(16)} ${createdAt}  ${servedBy}\n`,
          );
        }
        if (model.versions.length === 0)
          io.say(`  no version yet: ${model.runs[0]?.verdict ?? "not trained"}\n`);
      }
      return {
        models: models.map(({ name, champion, challenger, versions }) => ({
          name,
          champion,
          challenger,
          versions: versions.length,
        })),
      };
    },
  },
  show: {
    takes: "version",
    async run(api, subject, io) {
      const card = await api.ml.models.card.query({ versionId: await idOf(api, subject) });
      io.say(`${card.title}, version ${card.version}\n${card.metrics.verdict}\n`);
      for (const { name, values } of card.metrics.measures) {
        const told = Object.entries(values).map(([member, value]) => `${member} ${value.toFixed(4)}`);
        io.say(`  ${name.padEnd(34)} ${told.join("   ")}\n`);
      }
      const { metrics, lineage, drift, isChampion, isChallenger } = card;
      return { version: `${card.name}/${card.version}`, isChampion, isChallenger, metrics, lineage, drift };
    },
  },
  verify: {
    async run(api, _, io) {
      const { versions, audit } = await api.ml.models.verify.query();
      for (const { name, version, problem } of versions)
        io.say(`${problem === null ? "ok" : "WRONG"}  ${name}/${version}  ${problem ?? ""}\n`);
      const acts = audit.broken
        ? `WRONG  acts: ${audit.broken.why}`
        : `ok  ${audit.entries} acts, the last is ${audit.lastHash.slice(0, 16)}`;
      io.say(`${acts}\n`);
      const wrong = versions.filter(({ problem }) => problem !== null);
      return { isWhole: wrong.length === 0 && !audit.broken, versions: versions.length, wrong, audit };
    },
  },
  activate: {
    takes: "version",
    async run(api, subject) {
      const versionId = await idOf(api, subject);
      await api.ml.models.activate.mutate({ versionId });
      return { versionId };
    },
  },
  rollout: {
    takes: "version",
    async run(api, subject, _, percent) {
      const versionId = await idOf(api, subject);
      const share = percent === undefined ? undefined : Number(percent);
      if (share !== undefined && (!Number.isInteger(share) || share < 0 || share > 100))
        throw wrongUse("--percent is a whole number from 0 to 100");
      const { name, isChallenger } = await api.ml.models.card.query({ versionId });
      if (!isChallenger) await api.ml.models.startRollout.mutate({ versionId });
      if (share !== undefined) await api.ml.models.stepRollout.mutate({ name, percent: share });
      return { versionId, percent: share ?? 0 };
    },
  },
  rollback: {
    takes: "model",
    async run(api, subject) {
      const { models } = await api.ml.models.list.query();
      const model = models.find(({ name }) => name === subject);
      if (!model)
        throw wrongUse(
          `there is no model "${subject}"; there are ${models.map(({ name }) => name).join(", ")}`,
        );
      await api.ml.models.rollBack.mutate({ name: model.name });
      const after = (await api.ml.models.list.query()).models.find(({ name }) => name === subject);
      return { name: model.name, champion: after?.champion ?? null };
    },
  },
};

/** The id of "churn/2"; an id stays what it is. */
async function idOf(api: AlmanacClient, subject: string): Promise<string> {
  const [name, number, ...more] = subject.split("/");
  if (number === undefined) return subject;
  const { models } = await api.ml.models.list.query();
  const model = models.find((one) => one.name === name);
  if (!model || more.length > 0) throw wrongUse(`"${subject}" is no version; write churn/2, or its id`);
  const versions = await api.ml.models.versions.query({ name: model.name });
  const found = versions.find(({ version }) => String(version) === number);
  if (!found) throw wrongUse(`there is no version ${number} of "${name}"`);
  return found.id;
}
