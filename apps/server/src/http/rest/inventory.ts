import { inventoryAnswerBody, inventoryOptimizeQuery, inventoryQuery } from "./inputs.ts";
import { readBody, readQuery, type RestHandler } from "./rest-route.ts";

/** `GET /api/inventory/forecast`: what a farm should expect of its next market days. The same as planning.forecasts. */
export const getInventoryForecast: RestHandler = async ({ url, api }) => {
  const { farmId } = readQuery(url, inventoryQuery);
  const data = await api.planning.forecasts({ farmId });
  return { data, count: data.forecasts.length };
};

/** `GET /api/inventory/optimize`: what to bring of everything, with another leaning if one is given. */
export const getInventoryPlan: RestHandler = async ({ url, api }) => {
  const { farmId, leaning } = readQuery(url, inventoryOptimizeQuery);
  const wanted = leaning ?? (await api.advice.settings({ farmId })).leaning;
  const bring = await api.advice.preview({ farmId, leaning: wanted });
  return { data: { leaning: wanted, bring }, count: bring.length };
};

/** `GET /api/inventory/trends`: what rises and falls by itself, and beside last season by its first harvest. */
export const getInventoryTrends: RestHandler = async ({ url, api }) => {
  const { farmId } = readQuery(url, inventoryQuery);
  const data = await api.growing.trends({ farmId });
  return { data, count: data.products.length };
};

/** `GET /api/inventory/recommendations`: what a farm is advised to do, what it answered, what it plans, what runs low. */
export const getInventoryAdvice: RestHandler = async ({ url, api }) => {
  const { farmId } = readQuery(url, inventoryQuery);
  const [advice, low] = await Promise.all([api.advice.list({ farmId }), api.lowStock.list({ farmId })]);
  return { data: { ...advice, lowStock: low.alerts }, count: advice.pending.length };
};

/** `POST /api/inventory/recommendations`: accepts one, turns it down with a reason, or takes the answer back. */
export const answerInventoryAdvice: RestHandler = async ({ request, api }) => {
  const { farmId, adviceId, ...answer } = await readBody(request, inventoryAnswerBody);
  if (answer.decision === "ACCEPT") {
    const { quantityBase } = answer;
    await api.advice.accept({ farmId, adviceId, ...(quantityBase !== undefined && { quantityBase }) });
  } else if (answer.decision === "REJECT") {
    await api.advice.reject({ farmId, adviceId, reason: answer.reason });
  } else {
    await api.advice.undo({ farmId, adviceId });
  }
  const { pending, answered } = await api.advice.list({ farmId });
  return { data: { advice: [...pending, ...answered].find(({ id }) => id === adviceId) ?? null } };
};
