import { Anchor, Button } from "@almanac/ui";
import { useLocation } from "@remix-run/react";
import { ActionForm } from "../shell/action-form.tsx";
import { useVisit } from "../shell/visit.ts";

export interface NotifyMeProps {
  product: { readonly id: string; readonly name: string };
  kind: "BACK_IN_STOCK" | "BACK_IN_SEASON";
  /** Absent where it is not known. */
  isOn?: boolean;
  small?: boolean;
}

/** Asks to be told when something is back, and takes it back. Who is not signed in hears of it in this browser only. */
export function NotifyMe({ product, kind, isOn, small = false }: NotifyMeProps) {
  const { me } = useVisit();
  const here = usePath();
  return (
    <ActionForm
      action="/alerts"
      fields={{ intent: isOn ? "unsubscribe" : "subscribe", productId: product.id, kind, name: product.name }}
      className="cluster"
    >
      {({ busy, answer }) => (
        <>
          <Button
            type="submit"
            tone="secondary"
            size={small ? "small" : "medium"}
            icon="bell"
            busy={busy}
            aria-label={small ? `Tell me when ${product.name} is back` : undefined}
          >
            {labelOf({ isOn, isTold: answer?.ok ?? false, small })}
          </Button>
          {!small && !me.signedIn && (isOn ?? answer?.ok) && (
            <span className="small">
              In this browser.{" "}
              <Anchor href={`/sign-in?to=${encodeURIComponent(here)}`}>
                Sign in to hear of it everywhere
              </Anchor>
            </span>
          )}
        </>
      )}
    </ActionForm>
  );
}

function labelOf(state: { isOn: boolean | undefined; isTold: boolean; small: boolean }): string {
  if (state.isOn) return "Stop telling me";
  if (state.isOn === undefined && state.isTold) return "We tell you";
  return state.small ? "Tell me" : "Tell me when it is back";
}

function usePath(): string {
  const { pathname, search } = useLocation();
  return `${pathname}${search}`;
}
