import { Button } from "@almanac/ui";
import { ActionForm } from "../shell/action-form.tsx";

interface SuggestingProps {
  product: { readonly id: string; readonly name: string };
  isHidden: boolean;
}

/** Keeps a product out of one's suggestions, or lets it in again. */
export function Suggesting({ product, isHidden }: SuggestingProps) {
  return (
    <ActionForm
      action="/suggestions"
      fields={{ intent: isHidden ? "show" : "hide", productId: product.id, name: product.name }}
    >
      {({ busy }) => (
        <Button type="submit" tone="quiet" icon={isHidden ? "undo" : "eye"} busy={busy}>
          {isHidden ? "Suggest it again" : "Not for me"}
        </Button>
      )}
    </ActionForm>
  );
}
