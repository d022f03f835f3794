import { Button, Checkbox, Icon, Radio, Select } from "@almanac/ui";
import { Form, useSearchParams, useSubmit } from "@remix-run/react";
import { useRef, type ReactNode } from "react";
import { useHydrated } from "../shell/hydrated.ts";
import { appliedFilters, slugInWords } from "./applied-filters.tsx";
import type { Choice, Facets } from "./facets.ts";
import { searchSorts, type SearchQuery, type SearchSort } from "./search-query.ts";

export const sortLabels: Record<SearchSort, string> = {
  best: "Best first",
  cheapest: "Cheapest first",
  nearest: "Nearest first",
  freshest: "Newest first",
};

/** What a search is narrowed by: a form that sends itself with scripts and has a button without. */
export function FacetForm({ facets, query }: { facets: Facets; query: SearchQuery }) {
  const [search] = useSearchParams();
  const submit = useSubmit();
  const isHydrated = useHydrated();
  const allFlags = [
    { name: "inSeason", label: "In season", count: facets.inSeason, on: query.inSeason },
    { name: "organic", label: "Organic", count: facets.organic, on: query.organic },
    { name: "snap", label: "Accepts SNAP", count: facets.snap, on: query.snap },
  ];
  const flags = allFlags.filter(({ on, count }) => on || count > 0);
  const groups = [
    { title: "Category", name: "category", choices: facets.categories },
    { title: "Farm", name: "farm", choices: facets.farms },
    { title: "Distance", name: "maxKm", choices: facets.distances },
    { title: "Price", name: "maxPriceCents", choices: facets.prices },
  ] as const;
  const chosen = new Map(appliedFilters(facets, query).map(({ name, label }) => [name, label]));
  return (
    <Form
      key={search.toString()}
      method="get"
      action="/search"
      className="facets"
      aria-label="Narrow the results"
      onChange={(event) =>
        submit(whatIsChosen(event.currentTarget), {
          method: "get",
          action: "/search",
          preventScrollReset: true,
        })
      }
    >
      {query.q && <input type="hidden" name="q" value={query.q} />}
      <label className="field">
        <span className="field__label">Order</span>
        <Select
          name="sort"
          defaultValue={query.sort ?? "best"}
          options={searchSorts.map((value) => ({ value, label: sortLabels[value] }))}
        />
      </label>
      {flags.length > 0 && (
        <Group title="Only">
          {flags.map((flag) => (
            <Checkbox
              key={flag.name}
              name={flag.name}
              value="1"
              defaultChecked={flag.on === true}
              label={<Counted label={flag.label} count={flag.count} />}
            />
          ))}
        </Group>
      )}
      {groups.map(({ title, name, choices }) => (
        <RadioGroup
          key={name}
          {...{ title, name, choices }}
          chosen={query[name]?.toString()}
          chosenLabel={chosen.get(name)}
        />
      ))}
      {!isHydrated && (
        <Button type="submit" tone="secondary">
          Show
        </Button>
      )}
    </Form>
  );
}

/** What differs from everything in the best order, so that the address stays short enough to pass on. */
function whatIsChosen(form: HTMLFormElement): FormData {
  const asked = new FormData(form);
  const unsaid = [...asked].filter(([name, value]) => value === "" || (name === "sort" && value === "best"));
  for (const [name] of unsaid) asked.delete(name);
  return asked;
}

function RadioGroup(props: {
  title: string;
  name: string;
  choices: readonly Choice[];
  chosen: string | undefined;
  /** For what is chosen and not offered. */
  chosenLabel: string | undefined;
}) {
  const { title, name, choices, chosen, chosenLabel } = props;
  if (choices.length === 0 && chosen === undefined) return null;
  const shown = choices.slice(0, 8);
  const hidden = choices.slice(8).find(({ value }) => value === chosen);
  return (
    <Group title={title}>
      <Radio name={name} value="" defaultChecked={chosen === undefined} label="Any" />
      {chosen !== undefined && !shown.some(({ value }) => value === chosen) && (
        <Radio
          name={name}
          value={chosen}
          defaultChecked
          label={hidden ? <Counted {...hidden} /> : (chosenLabel ?? slugInWords(chosen))}
        />
      )}
      {shown.map(({ value, label, count }) => (
        <Radio
          key={value}
          name={name}
          value={value}
          defaultChecked={value === chosen}
          label={<Counted label={label} count={count} />}
        />
      ))}
    </Group>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="facets__group fieldset">
      <legend className="facets__title">{title}</legend>
      {children}
    </fieldset>
  );
}

function Counted({ label, count }: { label: string; count: number }) {
  return (
    <>
      {label} <span className="facets__count">{count}</span>
    </>
  );
}

/** Folded on a phone until it is opened, where what is found stands first; beside the results on wider screens. */
export function FacetDrawer({ total, children }: { total: number; children: ReactNode }) {
  const drawer = useRef<HTMLDetailsElement>(null);
  const isHydrated = useHydrated();
  const seeResults = () => {
    drawer.current!.open = false;
    drawer.current!.scrollIntoView({ block: "start" });
  };
  return (
    <details className="facets__drawer" ref={drawer}>
      <summary>
        <Icon name="filter" /> Narrow and order
      </summary>
      {children}
      {isHydrated && (
        <Button type="button" className="facets__done" onClick={seeResults}>
          See {productsInWords(total)}
        </Button>
      )}
    </details>
  );
}

export const productsInWords = (total: number): string => (total === 1 ? "1 product" : `${total} products`);
