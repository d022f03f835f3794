export { growingRoutes } from "./router.ts";
