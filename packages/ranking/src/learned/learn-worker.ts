/** The thread of `learnInWorker`: learns from what it was given, answers with the model as text. */
import { parentPort, workerData } from "node:worker_threads";
import { learnRanking } from "../core/learned/learn-ranking.ts";
import { serializeRankModel } from "../core/score/rank-model.ts";
import type { LearnAnswer, LearnRequest } from "./learn-in-worker.ts";

const { examples, options } = workerData as LearnRequest;
const learned = learnRanking(examples, options);
const { verdict, searches, orderShare, examination } = learned;
const answer: LearnAnswer = {
  verdict,
  searches,
  orderShare,
  examination,
  ...(learned.verdict !== "not_enough_data" && {
    model: serializeRankModel(learned.model),
    heldOut: learned.heldOut,
  }),
};
parentPort?.postMessage(answer);
