import { parseArgs } from "node:util";
import { AppError } from "@almanac/kernel";

export const tasks = ["user", "basket", "cart", "session"] as const;
export type Task = (typeof tasks)[number];

export interface RecommendOptions {
  readonly task: Task;
  readonly train: readonly string[];
  readonly users: string | undefined;
  readonly queries: string | undefined;
  readonly history: readonly string[];
  readonly items: string | undefined;
  readonly itemAs: string | undefined;
  readonly out: string;
  readonly k: number;
  readonly model: string;
  readonly seed: number;
  readonly unseenOnly: boolean;
  /** Share of the catalogue that the first ten of all lists are to show; undefined changes nothing. */
  readonly coverage: number | undefined;
}

export const help = `almanac recommend --task user|basket|cart|session --train A[,B] --out p.jsonl [options]

  --train A[,B]      CSV, plain or gzip: user|household|session|basket, items|item|product, ts|date|seq,
                     for task basket also place|market|store, where it was bought
  --users t.jsonl    whom to predict for (tasks user and basket); only the ids are read; "u#n" asks for u's basket n
  --queries q.jsonl  carts or sessions to complete (tasks cart and session)
  --history H[,I]    later baskets that a "u#n" may look back on (task basket)
  --items f.csv      item list, with --item-as COLUMN to recommend that column instead of items
  --k N              length of a list (20)
  --coverage S       share of the catalogue, 0 to 1, that the first ten of all lists together are to show; lists give
                     up to three of their last places among the ten to items that nobody else would see
  --unseen-only      leave out what the user already has (task user)
  --model NAME       auto (default) chooses on a part of the training data that is held back; or by task
                     user, cart: random popular item-knn ease ials bpr ncf hybrid
                     basket:     random popular personal-frequency personal-decay dirichlet tifu-knn hybrid
                     session:    random popular sequential-rules session-knn hybrid learned
  --seed N           1
`;

/** @throws AppError `input_invalid` with one sentence that names the option */
export function parseOptions(argv: readonly string[]): RecommendOptions {
  const { values } = parse(argv);
  const list = (text: string | undefined): string[] => (text ?? "").split(",").filter((path) => path !== "");
  const task = tasks.find((name) => name === values.task);
  if (task === undefined) throw refusal(`--task must be one of ${tasks.join(", ")}`);
  const train = list(values.train);
  if (train.length === 0) throw refusal("--train names no file");
  if (!values.out) throw refusal("--out names no file");
  const needsQueries = task === "cart" || task === "session";
  if (needsQueries && !values.queries) throw refusal(`--task ${task} needs --queries`);
  if (!needsQueries && !values.users) throw refusal(`--task ${task} needs --users`);
  if (values["item-as"] && !values.items) throw refusal("--item-as needs --items");
  return {
    task,
    train,
    users: values.users || undefined,
    queries: values.queries || undefined,
    history: list(values.history),
    items: values["item-as"] ? values.items : undefined,
    itemAs: values["item-as"] || undefined,
    out: values.out,
    k: wholeNumber("--k", values.k || "20", 1),
    model: values.model || "auto",
    seed: wholeNumber("--seed", values.seed || "1", 0),
    unseenOnly: values["unseen-only"] ?? false,
    coverage: values.coverage ? shareOf("--coverage", values.coverage) : undefined,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        task: { type: "string" },
        train: { type: "string" },
        users: { type: "string" },
        queries: { type: "string" },
        history: { type: "string" },
        items: { type: "string" },
        "item-as": { type: "string" },
        out: { type: "string" },
        k: { type: "string" },
        model: { type: "string" },
        seed: { type: "string" },
        "unseen-only": { type: "boolean" },
        coverage: { type: "string" },
      },
    });
  } catch (error) {
    throw new AppError("input_invalid", error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

function wholeNumber(name: string, text: string, minimum: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < minimum)
    throw refusal(`${name} must be a whole number of at least ${minimum}, not ${JSON.stringify(text)}`);
  return value;
}

function shareOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1))
    throw refusal(`${name} must be a share from 0 to 1, not ${JSON.stringify(text)}`);
  return value;
}

/** The refusal of a model that a task does not know. */
export function unknownModel(model: string, task: Task, known: readonly string[]): AppError {
  return refusal(`--task ${task} has no model ${JSON.stringify(model)}; it offers ${known.join(", ")}`);
}

function refusal(message: string): AppError {
  return new AppError("input_invalid", message);
}
