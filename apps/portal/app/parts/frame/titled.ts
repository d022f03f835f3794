import type { LoaderFunction } from "@remix-run/node";
import type { MetaDescriptor, MetaFunction } from "@remix-run/react";

type Loaded<Loader extends LoaderFunction> = NonNullable<Parameters<MetaFunction<Loader>>[0]["data"]>;

/**
 * The title of a page: its own name, then that of the room it is in, as the route above says it.
 *
 * @param name as the page's heading, or what makes it from what was loaded
 */
export const titled =
  <Loader extends LoaderFunction>(name: string | ((data: Loaded<Loader>) => string)): MetaFunction<Loader> =>
  ({ data, matches }) => {
    const own = typeof name === "string" ? name : data && name(data);
    const room = matches.flatMap(({ meta }) => meta.map(titleIn)).findLast((title) => title !== undefined);
    return [{ title: [own, room].filter(Boolean).join(" · ") }];
  };

function titleIn(descriptor: MetaDescriptor): string | undefined {
  return "title" in descriptor && typeof descriptor.title === "string" ? descriptor.title : undefined;
}
