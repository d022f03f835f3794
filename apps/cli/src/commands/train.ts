import { setTimeout as delay } from "node:timers/promises";
import { readArguments, wrongUse, type Command } from "../command.ts";
import { connectHelp, onServer } from "./connect.ts";

const right = "operate.write";
const names = ["churn", "lifetime", "season"] as const;

const help = `almanac train <model> [--seed N] [--no-wait]

Orders a training of "churn", "lifetime" or "season" on a running server and waits for what comes of it. A worker of the server does
it; the command only looks. Too little data is an answer (INSUFFICIENT_DATA) and no failure; it exits with 1 when the training
failed.

  --seed      1 unless told; the same data and seed give the same model
  --no-wait   says the training's id and ends

${connectHelp(right)}`;

const lookEveryMs = 500;

export const trainCommand: Command = {
  name: "train",
  summary: "have a running server train a model, and wait for it",
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, {
      seed: { type: "string" },
      "no-wait": { type: "boolean" },
    });
    const name = names.find((one) => one === positionals[0]);
    if (!name || positionals.length > 1)
      throw wrongUse("say which: train churn, train lifetime, or train season");
    const seed = Number(values.seed || "1");
    if (!Number.isInteger(seed) || seed < 1 || seed > 1_000_000_000)
      throw wrongUse("--seed is a whole number from 1 to 1000000000");
    const answer = await onServer(io.env, right, async (api) => {
      const { runId, isNew } = await api.ml.train.mutate({ name, seed });
      if (!isNew) io.say("a training of this model was under way already\n");
      if (values["no-wait"]) return { runId, status: "QUEUED" };
      for (let told = ""; ; await delay(lookEveryMs)) {
        const { status, progress, verdict, versionId, rowsLearned } = await api.ml.run.query({ runId });
        const line = `${status} ${Math.round(100 * progress)} %\n`;
        if (line !== told) io.say(line);
        told = line;
        if (status !== "QUEUED" && status !== "RUNNING")
          return { runId, status, verdict, versionId, rows: rowsLearned };
      }
    });
    io.out(`${JSON.stringify({ command: "train", name, seed, ...answer })}\n`);
    return answer.status === "FAILED" ? 1 : 0;
  },
};
