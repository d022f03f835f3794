export { runRecommend } from "./run.ts";
