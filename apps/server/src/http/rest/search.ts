import { AppError } from "@almanac/kernel";
import { personalizedSearchQuery, rankingBody } from "./inputs.ts";
import { refuseStranger } from "./recommendations.ts";
import { readBody, readQuery, type RestHandler } from "./rest-route.ts";

/** `GET /api/search/personalized`: search in the order that suits whoever asks, each hit with the five terms of its score. */
export const getPersonalizedSearch: RestHandler = async ({ url, caller, api }) => {
  refuseStranger(url.searchParams.get("userId"), caller);
  const input = readQuery(url, personalizedSearchQuery);
  const { userId, personalize, latitude, longitude, ...request } = input;
  if (userId !== undefined && userId !== caller.userId && userId !== caller.shopperId) {
    throw new AppError("user_mismatch", "A search is personal to whoever asks.", {
      details: { field: "userId" },
    });
  }
  const answer = await api.search.query({
    ...request,
    ...(personalize !== undefined && { personalise: personalize }),
    ...(latitude !== undefined && longitude !== undefined && { near: { latitude, longitude } }),
  });
  return { data: answer, count: answer.hits.length, headers: { "cache-control": "private, no-store" } };
};

/** `GET /api/search/ranking`, for operators: which weights are live, all versions and switches. */
export const getRanking: RestHandler = async ({ api }) => ({ data: await api.admin.ranking.list() });

/** `PUT /api/search/ranking`, for operators: keeps the weights as a new version and, unless told otherwise, makes it live. */
export const putRanking: RestHandler = async ({ request, api }) => {
  const { weights, note, publish, expectedLive } = await readBody(request, rankingBody);
  if (publish && expectedLive !== undefined) {
    // Refused before it leaves a draft behind; `publish` has the last word.
    const { live } = await api.admin.ranking.list({ limit: 1 });
    if (live !== expectedLive)
      throw new AppError("ranking_changed", `Version ${live} is live now, not version ${expectedLive}.`);
  }
  const version = await api.admin.ranking.saveDraft({ weights, ...(note !== undefined && { note }) });
  if (publish) {
    await api.admin.ranking.publish({
      number: version.number,
      ...(expectedLive !== undefined && { expectedLive }),
    });
  }
  return { status: 201, data: { id: version.number, isLive: publish, version } };
};
