import { Brand, Button, ErrorState, LinkButton } from "@almanac/ui";
import { isRouteErrorResponse, useRouteError } from "@remix-run/react";
import { isNoConnection } from "./no-connection.ts";

const titles: Readonly<Record<number, string>> = {
  400: "That could not be read",
  403: "This is not yours to open",
  404: "Nothing at this address",
  429: "Too fast",
  503: "Out for a moment",
};

/** Any page that cannot be shown: what happened, and what to do next. */
export function ErrorPage() {
  const error = useRouteError();
  if (isNoConnection(error)) return <NoConnection />;
  const isAnswer = isRouteErrorResponse(error);
  const status = isAnswer ? error.status : 500;
  return (
    <main id="main" className="plain-page">
      <Brand href="/portal" sub="portal" />
      <ErrorState
        headingLevel={1}
        title={titles[status] ?? "Something went wrong on our side"}
        picture={status === 404 ? "basket" : undefined}
        actions={
          <>
            <LinkButton href="/portal">To my places</LinkButton>
            <LinkButton href="/" tone="secondary">
              To the shop
            </LinkButton>
          </>
        }
      >
        <p>{(isAnswer && messageOf(error.data)) || wordsFor(status)}</p>
      </ErrorState>
    </main>
  );
}

/** A page that was asked for without a network; the service worker has Today as it was, which loading again finds. */
function NoConnection() {
  return (
    <main id="main" className="plain-page">
      <Brand href="/portal" sub="portal" />
      <ErrorState
        headingLevel={1}
        title="No connection"
        actions={<Button onClick={() => location.reload()}>Load it again</Button>}
      >
        <p>
          This page needs one. What you sent, if anything, may not have arrived: look before you send it
          again.
        </p>
      </ErrorState>
    </main>
  );
}

function wordsFor(status: number): string {
  if (status === 404) return "The page may have moved, or it belongs to somebody else.";
  if (status < 500) return "Go back and try it another way.";
  return "Nothing you sent was half done. Try again in a moment.";
}

function messageOf(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !("message" in data)) return undefined;
  return typeof data.message === "string" ? data.message : undefined;
}
