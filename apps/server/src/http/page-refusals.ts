import { data, type ServerBuild } from "@remix-run/node";
import { categoryTable, publicMessageOf, wireErrorOf } from "@almanac/trpc";
import { TRPCError } from "@trpc/server";

type Routes = ServerBuild["routes"];
type RouteModule = NonNullable<Routes[string]>["module"];

/**
 * The same pages, which answer what a procedure refused, and they have no words of their own for, with its own status and
 * message (`{ message }`, as both apps show it): too many calls are 429, not a failure of ours. What failed was logged by the
 * procedure; Remix would print it once more, with what was asked of the database in it.
 */
export function withPageRefusals(routes: Routes): Routes {
  return Object.fromEntries(
    Object.entries(routes).map(([id, route]) => [
      id,
      route && { ...route, module: answeringRefusals(route.module) },
    ]),
  );
}

function answeringRefusals(page: RouteModule): RouteModule {
  return {
    ...page,
    ...(page.loader && { loader: answering(page.loader) }),
    ...(page.action && { action: answering(page.action) }),
  };
}

function answering<Args extends readonly unknown[]>(work: (...args: Args) => unknown) {
  return async (...args: Args): Promise<unknown> => {
    try {
      return await work(...args);
    } catch (error) {
      if (!(error instanceof TRPCError)) throw error;
      // oxlint-disable-next-line no-throw-literal -- how Remix is told of an answer that is no failure
      throw data(
        { message: publicMessageOf(error) },
        { status: categoryTable[wireErrorOf(error).category].http },
      );
    }
  };
}
