/** An algorithm of the product: what it is for, the test that holds it, and what it was measured to do. */
export interface Algorithm {
  readonly name: string;
  /** Folder of its code. */
  readonly code: string;
  readonly use: string;
  /** A test that fails when it is broken: the file, and the title of the test in it. */
  readonly test: readonly [file: string, title: string];
  readonly figure: string;
  /** Page under docs/benches that the figure is from; none where the test is all there is. */
  readonly bench?: string;
}

/** Every algorithm by name, one row each. A test holds the tests, the folders and the pages against what is there. */
export const algorithms: readonly Algorithm[] = [
  {
    name: "boosted trees",
    code: "packages/ml/src/trees",
    use: "classify, regress, ranking titles, completing baskets, churn",
    test: [
      "packages/ml/src/trees/boosted-trees.test.ts",
      "takes the difference of two columns, which no single split sees",
    ],
    figure: "telco, 300 trees of depth 4: .24 CPU s; log-loss .4184, XGBoost .4156",
    bench: "trees",
  },
  {
    name: "splits by sets of levels",
    code: "packages/ml/src/trees",
    use: "boosted trees on columns of words",
    test: [
      "packages/ml/src/trees/levels-and-directions.test.ts",
      "with many levels is split by sets: one tree finds what a threshold cannot",
    ],
    figure: "telco: 19 columns in place of 45, .24 CPU s in place of .35",
    bench: "trees",
  },
  {
    name: "contributions (TreeSHAP)",
    code: "packages/ml/src/trees",
    use: "why a prediction is what it is",
    test: [
      "packages/ml/src/trees/contributions.test.ts",
      "sum to the answer, from the mean answer over the rows of the cover",
    ],
    figure: "exact: equal to the definition in the test",
    bench: "trees",
  },
  {
    name: "logistic regression on splines",
    code: "packages/ml/src/linear",
    use: "classify",
    test: ["packages/ml/src/linear/logistic-regression.test.ts", "finds the log-odds ratio of two groups"],
    figure: "telco: AUC .8510, log-loss .4096",
    bench: "ml",
  },
  {
    name: "blend of classifiers",
    code: "packages/ml/src/tabular",
    use: "classify --model auto",
    test: [
      "packages/ml/src/tabular/tabular.test.ts",
      "learns what no sum of marks can say, is the same for a seed, in threads too, and reads no label but its own",
    ],
    figure: "telco: AUC .8514, log-loss .4089; XGBoost, tuned: .8505, .4102",
    bench: "ml",
  },
  {
    name: "rising curve (isotonic calibration)",
    code: "packages/ml/src/calibration",
    use: "classify",
    test: [
      "packages/ml/src/calibration/calibration.test.ts",
      "bends probabilities to what came true, the more the more rows there are",
    ],
    figure: "calibration error .0081 on both sets",
    bench: "ml",
  },
  {
    name: "Platt scaling",
    code: "packages/ml/src/calibration",
    use: "probabilities of models that serve",
    test: ["packages/ml/src/calibration/calibration.test.ts", "finds by how much they were too bold"],
    figure: "telco: .0100 where nothing gives .0105",
    bench: "ml",
  },
  {
    name: "conformal intervals",
    code: "packages/ml/src/tabular",
    use: "regress",
    test: [
      "packages/ml/src/tabular/regression.test.ts",
      "is the error that the share of errors stays below, in units of their size",
    ],
    figure: "FAO yields: 81.8 % of the 80 wanted",
    bench: "ml",
  },
  {
    name: "FTRL-Proximal",
    code: "packages/ml/src/online",
    use: "learning from events",
    test: [
      "packages/ml/src/online/ftrl.test.ts",
      "ranks the second half of one pass as well as a batch fit on the first half, within .002",
    ],
    figure: "one pass, second half: telco AUC .8455, batch .8458; shoppers .9117, .9133",
    bench: "ml",
  },
  {
    name: "guarded online learning",
    code: "packages/ml/src/online",
    use: "learning from events",
    test: [
      "packages/ml/src/online/learning-live.test.ts",
      "is as good as before within 2,000 events after every label has turned round",
    ],
    figure: "flipped labels made up for within 2,000 events",
    bench: "ml",
  },
  {
    name: "tastes that follow events",
    code: "packages/ml/src/online",
    use: "learning from the event log, in the shadow",
    test: [
      "packages/ml/src/online/taste-stream.test.ts",
      "of one poisoned person moves that one alone: the first ten of everybody else overlap by .9 and more",
    ],
    figure: "completejourney: 70.2 % of choices guessed, 68.9 % by how many take a thing",
    bench: "models",
  },
  {
    name: "BG/NBD and Gamma-Gamma",
    code: "packages/ml/src/lifetime",
    use: "what a buyer will be worth",
    test: [
      "packages/ml/src/lifetime/lifetime.test.ts",
      "foretells 26 weeks of revenue within a tenth, and finds the mean spend",
    ],
    figure: "revenue of 26 weeks within a tenth, simulated buyers",
    bench: "ml",
  },
  {
    name: "population stability index",
    code: "packages/ml/src/metrics",
    use: "drift of features and scores",
    test: [
      "packages/ml/src/metrics/drift.test.ts",
      "is worked by hand for a shift, the same in both directions",
    ],
    figure: "worked by hand in the test",
    bench: "ml",
  },
  {
    name: "neural collaborative filtering",
    code: "packages/neural/src/collaborative",
    use: "nowhere: it does not win",
    test: [
      "packages/neural/src/collaborative/collaborative.test.ts",
      "tells the crowds apart, also for somebody it has not seen, the same for a seed",
    ],
    figure: "amazon-grocery, common things: NDCG@10 .0712, HR@10 .1443; item-kNN .1189, .2232",
    bench: "ml",
  },
  {
    name: "seasonal LSTM",
    code: "packages/neural/src/seasonal",
    use: "the model `season`, where it beats the plain members",
    test: [
      "packages/neural/src/seasonal/seasonal.test.ts",
      "learns when each product is asked for, the same for a seed",
    ],
    figure: "coop100, eight weeks: Brier .1765, forecasting's ensemble .1922, harmonic regression .2014",
    bench: "ml",
  },
  {
    name: "popularity",
    code: "packages/recsys/src/core/offline",
    use: "recommend, as the baseline",
    test: ["packages/recsys/src/core/offline/offline.test.ts", "counts users for popularity"],
    figure: "amazon-grocery: NDCG@10 .0097",
    bench: "recommending",
  },
  {
    name: "EASE",
    code: "packages/recsys/src/core/offline",
    use: "recommend",
    test: ["packages/recsys/src/core/offline/offline.test.ts", "inverts a known matrix"],
    figure: "amazon-grocery: NDCG@10 .0441",
    bench: "recommending",
  },
  {
    name: "TIFU-kNN",
    code: "packages/recsys/src/core/offline",
    use: "recommend --task basket",
    test: ["packages/recsys/src/core/offline/offline.test.ts", "finds new items with those who buy alike"],
    figure: "tafeng: NDCG@10 .1095",
    bench: "recommending",
  },
  {
    name: "networks over columns",
    code: "packages/recsys/src/core/offline/basket",
    use: "recommend --task basket, beside boosted trees",
    test: [
      "packages/recsys/src/core/offline/basket/column-network.test.ts",
      "learns an exclusive or, which no sum of columns can, and the same from the same seed",
    ],
    figure: "tafeng: NDCG@10 .1199 with boosted trees, .1176 by those alone",
    bench: "recommending",
  },
  {
    name: "Dirichlet shrinkage",
    code: "packages/recsys/src/core/offline",
    use: "recommend --task basket",
    test: [
      "packages/recsys/src/core/offline/offline.test.ts",
      "shrinks own counts towards what everybody buys",
    ],
    figure: "completejourney: NDCG@10 .1296",
    bench: "recommending",
  },
  {
    name: "session neighbours",
    code: "packages/recsys/src/core/offline",
    use: "recommend --task session",
    test: [
      "packages/recsys/src/core/offline/offline.test.ts",
      "follow those who saw the same last, and may return to an item of the session",
    ],
    figure: "see the page",
    bench: "recommending",
  },
  {
    name: "next click by trees",
    code: "packages/recsys/src/core/offline/session",
    use: "recommend --task session",
    test: [
      "packages/recsys/src/core/offline/session/learned-session.test.ts",
      "finds both the next step and the way back, better than sessions alike by themselves",
    ],
    figure: "ndcg@10 .0124 above its best source",
    bench: "recommending",
  },
  {
    name: "spread exposure",
    code: "packages/recsys/src/core/offline/spread-exposure.ts",
    use: "recommend --coverage",
    test: [
      "packages/recsys/src/core/offline/spread-exposure.test.ts",
      "shows an unseen item where it ranks highest, in the last seen place that others see too",
    ],
    figure: "see the page",
    bench: "recommending",
  },
  {
    name: "diversity of a list",
    code: "packages/recsys/src/core",
    use: "recommendations",
    test: [
      "packages/recsys/src/core/slate/diversity.test.ts",
      "gives a farm with the fifty best scores at most three of ten places",
    ],
    figure: "no farm with more than three of ten places",
    bench: "recommending",
  },
  {
    name: "theta",
    code: "packages/forecasting/src/core/models",
    use: "forecast",
    test: [
      "packages/forecasting/src/core/models/models.test.ts",
      "adds half the slope of the trend line to a level that has caught up",
    ],
    figure: "M3 monthly: OWA .864",
    bench: "forecasting",
  },
  {
    name: "4Theta",
    code: "packages/forecasting/src/core/models/four-theta.ts",
    use: "forecast of what has no season",
    test: [
      "packages/forecasting/src/core/models/four-theta.test.ts",
      "goes two thirds along a line below zero, as by hand",
    ],
    figure: "M3 yearly: OWA .881, theta .906",
    bench: "forecasting",
  },
  {
    name: "complex exponential smoothing (CES)",
    code: "packages/forecasting/src/core/models/ces",
    use: "forecast of quarters",
    test: [
      "packages/forecasting/src/core/models/ces/ces.test.ts",
      "finds the weight that R's smooth finds, and a likelihood as good",
    ],
    figure: "M3 quarterly: OWA .916",
    bench: "forecasting",
  },
  {
    name: "exponential smoothing (ETS)",
    code: "packages/forecasting/src/core/models/ets",
    use: "forecast",
    test: [
      "packages/forecasting/src/core/models/models.test.ts",
      "gives the errors of Holt-Winters worked by hand",
    ],
    figure: "M3 monthly: OWA .921",
    bench: "forecasting",
  },
  {
    name: "ARIMA",
    code: "packages/forecasting/src/core/models/arima",
    use: "forecast",
    test: [
      "packages/forecasting/src/core/models/arima/arima.test.ts",
      "finds the coefficient of an autoregression of 500 values within .08",
    ],
    figure: "M3 monthly: OWA .920",
    bench: "forecasting",
  },
  {
    name: "Croston, SBA and TSB",
    code: "packages/forecasting/src/core/models/intermittent",
    use: "forecast of what is seldom asked for",
    test: [
      "packages/forecasting/src/core/models/models.test.ts",
      "fades out with TSB what is no longer asked for, and does not with Croston",
    ],
    figure: "M3 monthly: OWA 1.027 (TSB)",
    bench: "forecasting",
  },
  {
    name: "Year before, drawn to its mean",
    code: "packages/forecasting/src/core/models/year-before.ts",
    use: "a crop that comes in or goes out, from one season behind it",
    test: [
      "packages/forecasting/src/core/models/models.test.ts",
      "tells a crop that comes in from one season alone, where a level lags behind it",
    ],
    figure: "a bakery by weeks: MASE 1.058 with it, 1.073 without",
    bench: "forecasting",
  },
  {
    name: "Regression on lags (ridge)",
    code: "packages/forecasting/src/core/models/lagged.ts",
    use: "forecast of hours and shorter periods",
    test: [
      "packages/forecasting/src/core/models/models.test.ts",
      "follows the day and the week of hours whose level moves, where the week before does not",
    ],
    figure: "M4 hourly, last two days of the histories: OWA .526, seasonal naive .644",
    bench: "forecasting",
  },
  {
    name: "STL decomposition",
    code: "packages/forecasting/src/core/season",
    use: "season of a series",
    test: [
      "packages/forecasting/src/core/season/stl.test.ts",
      "recovers the season that was put in, and its parts sum to the series",
    ],
    figure: "MSTL on M3 monthly: OWA .944",
    bench: "forecasting",
  },
  {
    name: "length of a season",
    code: "packages/forecasting/src/core/season",
    use: "season",
    test: [
      "packages/forecasting/src/core/season/detect-season.test.ts",
      "says 1 for noise, wandering and remembering series in 19 of 20 cases",
    ],
    figure: "see the page",
    bench: "forecasting",
  },
  {
    name: "reconciliation of forecasts",
    code: "packages/forecasting/src/core/reconcile",
    use: "reconcile",
    test: [
      "packages/forecasting/src/core/reconcile/reconcile.test.ts",
      "spreads a gap evenly when all are known equally well",
    ],
    figure: "adds up to the gram, in the test",
    bench: "forecasting",
  },
  {
    name: "calendar model and factors",
    code: "packages/forecasting/src/core/factors",
    use: "demandFactors, for callers of the package",
    test: [
      "packages/forecasting/src/core/factors/factors.test.ts",
      "is told in words, the largest reason of a day first",
    ],
    figure: "generated stalls: rain of -30 % within 10 points, a holiday of +60 % within 15 %",
    bench: "forecasting",
  },
  {
    name: "anomalies of a stream",
    code: "packages/forecasting/src/core/anomalies",
    use: "anomalies",
    test: [
      "packages/forecasting/src/core/anomalies/detector.test.ts",
      "tells a spike at once, and a shift within an hour or two",
    ],
    figure: "see the page",
    bench: "forecasting",
  },
  {
    name: "first stage of search",
    code: "packages/ranking/src/core",
    use: "search",
    test: [
      "packages/ranking/src/core/index/search-index.test.ts",
      "ranks exact before the beginning of a word before a typing error",
    ],
    figure: "crowdflower, all documents: NDCG@10 .7581, MiniSearch .7561",
    bench: "searching",
  },
  {
    name: "clicks by place",
    code: "packages/ranking/src/core/clicks",
    use: "what operators are told of search",
    test: [
      "packages/ranking/src/core/clicks/clicks.test.ts",
      "is told from clicks on products that change their places",
    ],
    figure: "worked by hand in the test",
    bench: "searching",
  },
  {
    name: "doubly robust evaluation",
    code: "packages/experiments/src/core",
    use: "judging a ranking before it serves",
    test: [
      "packages/experiments/src/core/off-policy.test.ts",
      "doubly robust is right with a right model even where propensities are wrong",
    ],
    figure: "see the page",
    bench: "experiments",
  },
  {
    name: "price elasticity, pooled",
    code: "packages/pricing/src/core",
    use: "suggested prices",
    test: [
      "packages/pricing/src/core/pricing.test.ts",
      "is found within .3 of the -1.8 that was planted, for every product, its interval around it",
    ],
    figure: "within .3 of what was planted",
  },
  {
    name: "yield of a bed",
    code: "packages/growing/src/core/yield",
    use: "what may be promised of a product",
    test: [
      "packages/growing/src/core/yield/bed-yield.test.ts",
      "over three seeded seasons is nearer than last year's, and its interval holds 73 to 87 of 100",
    ],
    figure: "made-up farms: mean error 20.5 %, last year's harvest 28.5 %",
  },
  {
    name: "available to promise",
    code: "packages/growing/src/core/yield",
    use: "what may be promised of a product",
    test: ["packages/growing/src/core/yield/bed-yield.test.ts", "is there as often as was asked for"],
    figure: "as often as asked for, simulated",
  },
];
