import { Button } from "@almanac/ui";
import { ActionForm } from "../shell/action-form.tsx";

export interface NotifyMeProps {
  product: { readonly id: string; readonly name: string };
  kind: "BACK_IN_STOCK" | "BACK_IN_SEASON";
  isOn?: boolean;
  small?: boolean;
}

/** Asks to be told when something is back, and takes it back. */
export function NotifyMe({ product, kind, isOn = false, small = false }: NotifyMeProps) {
  return (
    <ActionForm
      action="/alerts"
      fields={{ intent: isOn ? "unsubscribe" : "subscribe", productId: product.id, kind, name: product.name }}
    >
      {({ busy, answer }) => (
        <Button
          type="submit"
          tone="secondary"
          size={small ? "small" : "medium"}
          icon="bell"
          busy={busy}
          aria-label={small ? `Tell me when ${product.name} is back` : undefined}
        >
          {isOn
            ? "Stop telling me"
            : answer?.ok
              ? "We tell you"
              : small
                ? "Tell me"
                : "Tell me when it is back"}
        </Button>
      )}
    </ActionForm>
  );
}
