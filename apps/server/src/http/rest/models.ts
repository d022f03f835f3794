import { predictBody, trainBody, trainingsQuery } from "./inputs.ts";
import { readBody, readQuery, type RestHandler } from "./rest-route.ts";

/** `GET /api/ml/models`, for operators: every kind of model with its versions and trainings. The same as ml.models.list. */
export const getModels: RestHandler = async ({ api }) => {
  const data = await api.ml.models.list();
  return { data, count: data.models.length };
};

/** `POST /api/ml/predict`: one answer of a live model. The same as ml.predict. */
export const postPrediction: RestHandler = async ({ request, api }) => ({
  data: await api.ml.predict(await readBody(request, predictBody)),
});

/** `GET /api/ml/train`, for operators: trainings, the latest first, and how far they are. The same as ml.runs. */
export const getTrainings: RestHandler = async ({ url, api }) => {
  const runs = await api.ml.runs(readQuery(url, trainingsQuery));
  return { data: { runs }, count: runs.length };
};

/** `POST /api/ml/train`, for operators: orders a training, which waits in the queue. The same as ml.train. */
export const postTraining: RestHandler = async ({ request, api }) => ({
  status: 202,
  data: await api.ml.train(await readBody(request, trainBody)),
});
