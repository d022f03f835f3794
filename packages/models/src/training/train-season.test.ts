import { isAppError, seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { shortened, type DemandWeeks } from "../core/seasons/demand-weeks.ts";
import { openChecked } from "../core/kinds/families.ts";
import type { TrainedModel } from "../core/kinds/family.ts";
import { numberOf, openSeasonModel, seasonFormat, seasonSignature } from "../core/seasons/season-model.ts";
import { mathematics } from "./train-churn.ts";
import { trainSeason, type NetworkTold, type SeasonTask } from "./train-season.ts";

const endWeek = 2_900;
const length = 150;

/** Chances that follow the year, or whether the week is even: what no wave of a year tells. */
const yearly = (week: number): number => 0.5 + 0.45 * Math.sin((2 * Math.PI * week) / 52.18);
const fortnightly = (week: number): number => (week % 2 === 0 ? 0.9 : 0.1);

function seriesOf(chanceOf: (week: number) => number, count = 12): DemandWeeks[] {
  const rng = seededRng(9);
  return Array.from({ length: count }, (_, at) => ({
    product: `product ${at >> 1}`,
    market: `market ${at % 2}`,
    firstWeek: endWeek - length,
    isAsked: Uint8Array.from({ length }, (_week, week) =>
      rng.next() < chanceOf(endWeek - length + week) ? 1 : 0,
    ),
  }));
}

/** A network that knows, or is told, the chances of the weeks ahead. */
function toldBy(series: readonly DemandWeeks[], chanceOf: (week: number) => number): NetworkTold {
  const from = (back: number) =>
    shortened(series, back).map(({ firstWeek, isAsked }) =>
      Float64Array.from({ length: 8 }, (_, ahead) => chanceOf(firstWeek + isAsked.length + ahead)),
    );
  return { choice: from(16), test: from(8), ahead: from(0) };
}

function trained(task: Omit<SeasonTask, "endWeek" | "withoutNetwork">, more: object = {}): TrainedModel {
  const outcome = trainSeason(
    { endWeek, withoutNetwork: "no network is here.", ...task },
    { seed: 1, ...more },
  );
  if (outcome.kind !== "trained") throw new Error(outcome.why);
  return outcome;
}

const ask = (bytes: Uint8Array, product: string, market: string, week: number) =>
  openSeasonModel(bytes, mathematics).answer(Float64Array.of(numberOf(product), numberOf(market), week));

describe("the model of seasons", () => {
  it("has the harmonic regression serve where no network is, and says why", () => {
    const made = trained({ series: seriesOf(yearly) });
    expect(made.metrics).toMatchObject({ servedBy: "harmonic regression", isToldAnew: true, rowsTested: 96 });
    expect(made.metrics.verdict).toContain("no network is here.");
    const high = ask(made.artefact, "product 0", "market 0", 52.18 * 56 + 13);
    const low = ask(made.artefact, "product 0", "market 0", 52.18 * 56 + 39);
    expect(high).toMatchObject({ servedBy: "harmonic regression" });
    expect(high.score).toBeGreaterThan(0.75);
    expect(low.score).toBeLessThan(0.25);
    expect(high.reasons[0]).toMatch(/^Asked for in \d+ of the latest 52 weeks$/);
  });

  it("has the network serve the eight weeks it tells where it wins beyond doubt, and no week beyond", () => {
    const series = seriesOf(fortnightly);
    const made = trained({ series, told: toldBy(series, fortnightly) });
    expect(made.metrics.servedBy).toBe("chosen by product");
    expect(made.metrics.gain!.low).toBeGreaterThan(0);
    const { values } = made.metrics.measures[0]!;
    expect(values["network"]!).toBeLessThan(values["harmonic regression"]!);
    expect(ask(made.artefact, "product 1", "market 1", endWeek)).toMatchObject({
      servedBy: "network",
      score: fortnightly(endWeek),
    });
    expect(ask(made.artefact, "product 1", "market 1", endWeek + 8).servedBy).toBe("harmonic regression");
    const bins = made.metrics.calibration!;
    expect(bins.length).toBeLessThanOrEqual(10);
    expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(96);
  });

  it("has the share of the latest year serve where there is no season, and the network only where it beats that", () => {
    // What is asked for has changed for good: the waves of the years before tell what is over.
    const series = seriesOf((week) => (week < endWeek - 80 ? 0.1 : 0.8));
    const made = trained({ series, told: toldBy(series, () => 0.6) });
    expect(made.metrics.servedBy).toBe("share of the latest year");
    const values = made.metrics.measures[0]!.values;
    expect(values["share of the latest year"]!).toBeLessThan(values["harmonic regression"]!);
    const { score, servedBy } = ask(made.artefact, "product 0", "market 0", endWeek + 3);
    expect(servedBy).toBe("share of the latest year");
    expect(score).toBeGreaterThan(0.65);
    expect(score).toBeLessThan(0.95);
    expect(ask(made.artefact, "new", "market 0", endWeek).servedBy).toBe(
      "harmonic regression of all products",
    );
  });

  it("leaves a network that is no better aside", () => {
    const series = seriesOf(yearly);
    const made = trained({ series, told: toldBy(series, (week) => 1 - yearly(week)) });
    expect(made.metrics.servedBy).toBe("harmonic regression");
    expect(ask(made.artefact, "product 0", "market 0", endWeek).servedBy).toBe("harmonic regression");
  });

  it("answers of a product that it does not know by all of them", () => {
    const told = ask(trained({ series: seriesOf(yearly) }).artefact, "new", "market 0", endWeek);
    expect(told).toMatchObject({ servedBy: "harmonic regression of all products", reasons: [] });
    expect(told.score).toBeGreaterThan(0);
    expect(told.score).toBeLessThan(1);
  });

  it("neither learns from weeks in which there was nothing to sell, nor is judged by them", () => {
    // Not there in the last four weeks, nor in thirty before the latest year's end.
    const isThere = (at: number): boolean => at < length - 4 && !(at >= length - 60 && at < length - 30);
    const series = seriesOf(() => 0.8).map((one) => ({
      ...one,
      isAsked: one.isAsked.map((asked, at) => (isThere(at) ? asked : 0)),
    }));
    const isKnown = Uint8Array.from({ length }, (_, at) => (isThere(at) ? 1 : 0));
    const known = trained({ series: series.map((one) => ({ ...one, isKnown })) });
    const unmasked = trained({ series });
    const told = ({ artefact }: TrainedModel) => ask(artefact, "product 0", "market 0", endWeek);
    expect(known.metrics).toMatchObject({ rowsTested: 12 * 4, rowsLearned: 12 * (length - 8 - 30) });
    expect(unmasked.metrics).toMatchObject({ rowsTested: 12 * 8, rowsLearned: 12 * (length - 8) });
    expect(told(known).score).toBeGreaterThan(0.65);
    expect(told(unmasked).score).toBeLessThan(0.6);
    expect(told(known).reasons[0]).toMatch(/^Asked for in \d+ of the latest 26 weeks$/);
    const gone = trainSeason(
      {
        endWeek,
        withoutNetwork: "",
        series: series.map((one) => ({
          ...one,
          isKnown: isKnown.map((is, at) => (at < length - 8 ? is : 0)),
        })),
      },
      { seed: 1 },
    );
    expect(gone).toMatchObject({ kind: "insufficient", rows: 0 });
  });

  it("is the same to the byte for the same data and seed, and opens by its golden predictions", () => {
    const series = seriesOf(fortnightly);
    const told = toldBy(series, fortnightly);
    const [one, two] = [trained({ series, told }), trained({ series, told })];
    expect(Buffer.from(one.artefact).equals(Buffer.from(two.artefact))).toBe(true);
    expect(one.dataHash).toBe(two.dataHash);
    expect(one.golden).toHaveLength(20);
    const kept = { format: seasonFormat, golden: one.golden, signature: seasonSignature };
    expect(() => openChecked(kept, one.artefact, mathematics)).not.toThrow();
    const other = Buffer.from(Buffer.from(one.artefact).toString("utf8").replaceAll("0.9", "0.8"));
    expect(() => openChecked(kept, other, mathematics)).toThrow(/otherwise/);
  });

  it("is compared with the champion on weeks that neither knew, and with none that knew them", () => {
    const series = seriesOf(yearly);
    const earlier = trainSeason(
      { series: shortened(series, 4), endWeek: endWeek - 4, withoutNetwork: "none." },
      { seed: 1 },
    );
    if (earlier.kind !== "trained") throw new Error(earlier.why);
    const compared = trained({ series }, { champion: earlier.artefact }).againstChampion!;
    expect(compared.low).toBeLessThanOrEqual(0);
    expect(compared.high).toBeGreaterThanOrEqual(compared.low);
    const same = trained({ series });
    expect(trained({ series }, { champion: same.artefact }).againstChampion).toBeUndefined();
    expect(trained({ series }, { champion: Buffer.from("{}") }).againstChampion).toBeUndefined();
  });

  it("answers INSUFFICIENT for fewer than five products, and refuses bytes that are no model", () => {
    const few = trainSeason({ series: seriesOf(yearly, 4), endWeek, withoutNetwork: "none." }, { seed: 1 });
    expect(few).toMatchObject({ kind: "insufficient", rows: 4 });
    const text = Buffer.from(trained({ series: seriesOf(yearly) }).artefact).toString("utf8");
    for (const bytes of ["", "[]", "{}", text.slice(0, -1), text.replace('"waves":[', '"waves":["x",')]) {
      let code = "";
      try {
        openSeasonModel(Buffer.from(bytes), mathematics);
      } catch (error) {
        code = isAppError(error) ? error.code : "other";
      }
      expect(code).toBe("input_invalid");
    }
  });
});
