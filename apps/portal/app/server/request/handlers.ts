import type { AlmanacLoadContext } from "@almanac/client/remix";
import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { passwordField, type Outcome, type Undo } from "../../outcome.ts";
import { Fields, FormProblem } from "./fields.ts";
import {
  farmOf,
  forbidden,
  isOperator,
  marketOf,
  notFound,
  signedIn,
  signInFirst,
  type Api,
  type FarmPlace,
  type MarketPlace,
  type Person,
} from "./person.ts";
import { findRefusal, statusOf, wordsFor } from "./refusals.ts";

interface Asked {
  readonly api: Api;
  readonly context: AlmanacLoadContext;
  readonly person: Person;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly url: URL;
  /** By the server's clock. */
  readonly now: Date;
  /** For pages that follow the live lane. */
  readonly liveCursor: string;
}

interface InFarm extends Asked {
  readonly farm: FarmPlace;
  /** Time zone of the farm's first market. */
  readonly timeZone: () => Promise<string>;
}

interface InMarket extends Asked {
  readonly market: MarketPlace;
}

/** What a form says when it was done; a `Response` leads elsewhere. */
export interface Done {
  readonly message: string;
  readonly undo?: Undo;
  readonly secret?: string;
}

type Open<Place extends Asked> = (args: LoaderFunctionArgs) => Promise<Place>;
type Handlers<Place extends Asked> = Readonly<
  Record<string, (place: Place & { readonly fields: Fields }) => Promise<Done | Response>>
>;

/** A loader of a farm's page: the person belongs to the farm of the address. */
export function farmLoader<Result>(load: (place: InFarm) => Promise<Result>) {
  return loaderOf(openFarm, load);
}
export function farmAction(handlers: Handlers<InFarm>) {
  return actionOf(openFarm, handlers);
}

/** A loader of a market's page: the person manages the market of the address. */
export function marketLoader<Result>(load: (place: InMarket) => Promise<Result>) {
  return loaderOf(openMarket, load);
}
export function marketAction(handlers: Handlers<InMarket>) {
  return actionOf(openMarket, handlers);
}

/** A loader for operators; everybody else gets a page that says so, with status 403. */
export function adminLoader<Result>(load: (place: Asked) => Promise<Result>) {
  return loaderOf(openAdmin, load);
}
export function adminAction(handlers: Handlers<Asked>) {
  return actionOf(openAdmin, handlers);
}

async function openAny({ context, request, params }: LoaderFunctionArgs): Promise<Asked> {
  const person = await signedIn(context, request);
  const { api, now, liveCursor } = context;
  return { api, context, person, params, url: new URL(request.url), now, liveCursor };
}

async function openFarm(args: LoaderFunctionArgs): Promise<InFarm> {
  const asked = await openAny(args);
  const farm = await farmOf(asked.context, asked.person, args.params["farm"] ?? "");
  return { ...asked, farm, timeZone: () => farmTimeZone(asked.api, farm) };
}

async function openMarket(args: LoaderFunctionArgs): Promise<InMarket> {
  const asked = await openAny(args);
  return { ...asked, market: await marketOf(asked.context, asked.person, args.params["market"] ?? "") };
}

async function openAdmin(args: LoaderFunctionArgs): Promise<Asked> {
  const asked = await openAny(args);
  if (!isOperator(asked.person)) throw forbidden("These pages are for operators.");
  return asked;
}

async function farmTimeZone(api: Api, farm: FarmPlace): Promise<string> {
  const { stalls } = await api.farmCatalog.profile.get({ farmId: farm.id });
  const markets = await api.markets.list();
  return markets.find((market) => market.id === stalls[0]?.marketId)?.timeZone ?? "UTC";
}

function loaderOf<Place extends Asked, Result>(open: Open<Place>, load: (place: Place) => Promise<Result>) {
  return async (args: LoaderFunctionArgs): Promise<Result> => {
    try {
      return await load(await open(args));
    } catch (error) {
      throw asPage(error, args.request);
    }
  };
}

function actionOf<Place extends Asked>(open: Open<Place>, handlers: Handlers<Place>) {
  return async (args: ActionFunctionArgs) => {
    let place: Place;
    try {
      place = await open(args);
    } catch (error) {
      throw asPage(error, args.request);
    }
    const form = await args.request.formData();
    const fields = new Fields(form);
    const intent = fields.text("intent");
    const password = form.get(passwordField);
    form.delete(passwordField);
    const handle = handlers[intent];
    if (!handle) throw data({ message: "This form is not known here." }, { status: 400 });
    const about = { intent, subject: fields.text("subject") };
    try {
      if (typeof password === "string") await place.api.me.confirmPassword({ password });
      const done = await handle({ ...place, fields });
      if (done instanceof Response) return done;
      const outcome: Outcome = { ok: true, ...about, problems: {}, values: {}, ...done };
      return outcome;
    } catch (error) {
      const said = refusalWords(error);
      if (!said) throw error;
      // With status 200: the page is shown again, and a browser would note any other as a failed request.
      const stepUp = asksForPassword(error) ? { stepUp: entriesOf(form) } : {};
      const outcome: Outcome = { ok: false, ...about, values: fields.values(), ...said, ...stepUp };
      return outcome;
    }
  };
}

/** The act wants a password of the last ten minutes, or the one that was given is not right. */
function asksForPassword(error: unknown): boolean {
  const code = findRefusal(error)?.code;
  return code === "step_up_required" || code === "password_wrong";
}

/** The form as it was sent, to be sent again once the password is there. */
function entriesOf(form: FormData): [string, string][] {
  return [...form].flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[name, value]] : [],
  );
}

function refusalWords(error: unknown): Pick<Outcome, "message" | "problems"> | undefined {
  if (error instanceof FormProblem) return { message: "Please put this right.", problems: error.problems };
  const refusal = findRefusal(error);
  if (!refusal || statusOf(refusal.code) === 500) return undefined;
  return { message: wordsFor(refusal), problems: refusal.problems };
}

/** A refusal while reading becomes a page with its status; anything else stays the failure it is. */
function asPage(error: unknown, request: Request): unknown {
  const refusal = findRefusal(error);
  if (!refusal) return error;
  const status = statusOf(refusal.code);
  if (status === 401) return signInFirst(request);
  // An address with a malformed id names nothing.
  if (status === 400) return notFound("There is nothing at this address.");
  return status === 500 ? error : data({ message: wordsFor(refusal) }, { status });
}
