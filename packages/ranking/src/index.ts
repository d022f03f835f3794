export { SearchIndex } from "./core/search-index.ts";
