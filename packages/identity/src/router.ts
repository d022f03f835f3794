import { apiKeysRouter, type ApiKeysDeps } from "./routes/api-keys.ts";
import { meRouter, type MeDeps } from "./routes/me.ts";
import { auditRouter, usersRouter } from "./routes/users.ts";

export interface IdentityRoutesDeps extends MeDeps, ApiKeysDeps {}

/** The routers `me`, `apiKeys`, `admin.users` and `admin.audit`. */
export function identityRoutes(deps: IdentityRoutesDeps = {}) {
  return {
    me: meRouter(deps),
    apiKeys: apiKeysRouter(deps),
    admin: { users: usersRouter(), audit: auditRouter() },
  };
}
