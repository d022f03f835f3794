import { Brand, Button, EmptyState, FarmMark, FormError, Icon, InputField, LinkButton } from "@almanac/ui";
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { formState, useOutcome, type Outcome } from "../outcome.ts";
import { isOperator, personOf, safeNext } from "../server/request/person.ts";

export const meta: MetaFunction = () => [{ title: "Almanac portal" }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const person = await personOf(context);
  const { searchParams } = new URL(request.url);
  const next = safeNext(searchParams.get("next"));
  if (!person.signedIn) return { signedIn: false as const, next };
  if (next !== "/") throw redirect(next);
  const places = [
    ...person.farms.map(({ slug, name }) => ({ kind: "farm" as const, name, path: `/farms/${slug}` })),
    ...person.markets.map(({ slug, name }) => ({ kind: "market" as const, name, path: `/markets/${slug}` })),
    ...(isOperator(person)
      ? [{ kind: "platform" as const, name: "The whole platform", path: "/admin" }]
      : []),
  ];
  const [only, another] = places;
  if (only && !another && !searchParams.has("places")) throw redirect(only.path);
  return { signedIn: true as const, name: person.name ?? person.email ?? "", places };
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await request.formData();
  const typed = (name: string): string => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  const email = typed("email").trim();
  const answer = await context.auth("sign-in/email", { email, password: typed("password") });
  if (answer.ok) {
    const headers = new Headers();
    for (const cookie of answer.headers.getSetCookie()) headers.append("set-cookie", cookie);
    return redirect(safeNext(typed("next")), { headers });
  }
  const outcome: Outcome = {
    ok: false,
    intent: "sign-in",
    subject: "",
    message:
      answer.status === 429
        ? "That was too often. Wait a minute and try again."
        : answer.status === 503
          ? "The database does not answer. Try again in a minute."
          : "E-mail and password do not go together. Look at both once more.",
    problems: {},
    values: { email },
  };
  return data(outcome, { status: answer.status });
}

export default function Landing() {
  const loaded = useLoaderData<typeof loader>();
  return (
    <main id="main" className="plain-page">
      <Brand href="/portal" sub="portal" />
      {loaded.signedIn ? <Places {...loaded} /> : <SignIn next={loaded.next} />}
    </main>
  );
}

function SignIn({ next }: { next: string }) {
  const outcome = useOutcome();
  const form = formState(outcome, "sign-in");
  return (
    <div className="card stack sign-in">
      <h1>Sign in to the portal</h1>
      <p className="soft">
        For farmers, market managers and operators. Shoppers sign in with the same account.
      </p>
      {outcome && <FormError title={outcome.message} />}
      <Form method="post" className="stack" reloadDocument>
        <input type="hidden" name="next" value={next} />
        <InputField
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          defaultValue={form.value("email")}
        />
        <InputField
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          required
        />
        <Button type="submit" size="large" wide>
          Sign in
        </Button>
      </Form>
      <p className="small">
        <a href="/account">Forgot the password, or no account yet?</a>
      </p>
    </div>
  );
}

const kinds = {
  farm: "Orders, products and stock of your farm",
  market: "Farms, order windows and pickup slots",
  platform: "People, keys, mail, queue and the live monitor",
} as const;

interface Place {
  readonly kind: keyof typeof kinds;
  readonly name: string;
  readonly path: string;
}

function Places({ name, places }: { name: string; places: readonly Place[] }) {
  return (
    <div className="stack places">
      <h1>Good day, {name.split(" ")[0]}</h1>
      {places.length === 0 ? (
        <EmptyState
          title="No farm or market yet"
          headingLevel={2}
          actions={<LinkButton href="/">To the shop</LinkButton>}
        >
          The manager of your market can add you to a farm. Until then the shop is all yours.
        </EmptyState>
      ) : (
        <ul className="place-list">
          {places.map((place) => (
            <li key={place.path}>
              <LinkCard {...place} />
            </li>
          ))}
        </ul>
      )}
      <Form method="post" action="/sign-out" reloadDocument>
        <Button type="submit" tone="quiet" icon="logout">
          Sign out
        </Button>
      </Form>
    </div>
  );
}

function LinkCard({ kind, name, path }: Place) {
  return (
    <LinkButton href={`/portal${path}`} tone="secondary" wide className="place">
      {kind === "farm" ? <FarmMark name={name} /> : <Icon name={kind === "market" ? "pin" : "chart"} />}
      <span className="place__text">
        <span className="place__name">{name}</span>
        <span className="small soft">{kinds[kind]}</span>
      </span>
      <Icon name="chevron-right" />
    </LinkButton>
  );
}
