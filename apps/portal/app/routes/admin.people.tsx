import { parseId, type UserId } from "@almanac/kernel";
import { Anchor, Badge, Button, Input, LinkButton, PageHead, Table } from "@almanac/ui";
import { Form, useLoaderData } from "@remix-run/react";
import { OutcomeNotice } from "../parts/forms/outcome-notice.tsx";
import { PersonRights } from "../parts/operate/person-rights.tsx";
import { titled } from "../parts/frame/titled.ts";
import { dayInYear } from "../server/words/dates.ts";
import { adminLoader } from "../server/request/handlers.ts";
import { peopleAction } from "../server/operate/people-actions.ts";

export const loader = adminLoader(async ({ api, url }) => {
  const query = (url.searchParams.get("q") ?? "").trim().slice(0, 100);
  const after = url.searchParams.get("after");
  const who = url.searchParams.get("who");
  const { users, nextCursor } = await api.admin.users.list({
    ...(query && { query }),
    ...(after && { cursor: parseId<UserId>(after) }),
  });
  const people = users.map((user) => ({ ...user, since: dayInYear(user.createdAt) }));
  const chosen = people.find(({ id }) => id === who) ?? (people.length === 1 ? people[0] : undefined);
  const places = chosen ? await Promise.all([api.farms.list(), api.markets.list()]) : [[], []];
  const byName = (a: { label: string }, b: { label: string }) => a.label.localeCompare(b.label);
  return {
    query,
    after,
    people,
    chosen,
    nextCursor,
    farms: places[0].map(({ id, name }) => ({ value: id, label: name })).toSorted(byName),
    markets: places[1].map(({ id, name }) => ({ value: id, label: name })).toSorted(byName),
  };
});

export const action = peopleAction;

export const meta = titled("People and roles");

export default function People() {
  const { query, after, people, chosen, nextCursor, farms, markets } = useLoaderData<typeof loader>();
  const here = new URLSearchParams({ ...(query && { q: query }), ...(after && { after }) });
  const withPerson = (id: string) => `?${new URLSearchParams([...here, ["who", id]]).toString()}`;
  return (
    <>
      <PageHead
        title="People and roles"
        lead="Everybody with an account. Roles and places take effect at once."
      />
      <OutcomeNotice />
      <Form method="get" className="filter" role="search">
        <Input
          name="q"
          type="search"
          aria-label="Name or e-mail"
          placeholder="Name or e-mail"
          defaultValue={query}
        />
        <Button type="submit" tone="secondary">
          Find
        </Button>
      </Form>
      {chosen && <PersonRights key={chosen.id} person={chosen} farms={farms} markets={markets} />}
      <Table
        caption={query ? `People called "${query}"` : "People, the newest first"}
        dense
        rows={people}
        rowKey={({ id }) => id}
        empty="Nobody has this name or e-mail."
        columns={[
          {
            key: "name",
            header: "Name",
            rowHeader: true,
            cell: (person) => <Anchor href={withPerson(person.id)}>{person.name || "no name"}</Anchor>,
          },
          { key: "email", header: "E-mail", cell: (person) => person.email },
          {
            key: "roles",
            header: "Roles",
            cell: (person) => (
              <span className="cluster">
                {person.roles.map((role) => (
                  <Badge key={role} tone="good">
                    {role}
                  </Badge>
                ))}
              </span>
            ),
          },
          {
            key: "farms",
            header: "Farms",
            cell: (person) => person.farms.map(({ name }) => name).join(", "),
          },
          {
            key: "markets",
            header: "Markets",
            cell: (person) => person.markets.map(({ name }) => name).join(", "),
          },
          {
            key: "since",
            header: "Since",
            cell: (person) => <span className="nowrap">{person.since}</span>,
          },
        ]}
      />
      <div className="cluster">
        {after && (
          <LinkButton href={query ? `?q=${encodeURIComponent(query)}` : "?"} tone="secondary" size="small">
            The newest
          </LinkButton>
        )}
        {nextCursor && (
          <LinkButton
            href={`?${new URLSearchParams({ ...(query && { q: query }), after: nextCursor }).toString()}`}
            tone="secondary"
            size="small"
          >
            Older
          </LinkButton>
        )}
      </div>
    </>
  );
}
