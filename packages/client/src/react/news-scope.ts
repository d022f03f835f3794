/** Changes of what was read wait for each other, so that the last answer is the last change's. */
export const newsScope = { id: "news" };
