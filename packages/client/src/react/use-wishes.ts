import { useTrackAction } from "./shop-provider.tsx";
import { wishScope } from "./wish-scope.ts";
import { trpc, type Answers } from "./trpc.ts";

export type WishedIds = Answers["wishes"]["ids"];

/** Products on the shopper's wishlist. */
export function useWishedIds(): WishedIds {
  return trpc.wishes.ids.useQuery(undefined, { staleTime: Infinity }).data ?? [];
}

export interface WishChangeOptions {
  readonly onDone?: (isWished: boolean) => void;
  /** A refusal, or the network; the wishlist is as it was before. */
  readonly onFailed?: (error: unknown) => void;
}

/** Puts a product on the wishlist or takes it off: on the page at once, then on the server; what fails is taken back. */
export function useWishChange(
  productId: WishedIds[number],
  { onDone, onFailed }: WishChangeOptions = {},
): { change: (isWished: boolean) => void } {
  const utils = trpc.useUtils();
  const track = useTrackAction();

  const optionsFor = (isWished: boolean) => ({
    scope: wishScope,
    onMutate: async () => {
      await utils.wishes.ids.cancel();
      const before = utils.wishes.ids.getData() ?? [];
      const others = before.filter((id) => id !== productId);
      utils.wishes.ids.setData(undefined, isWished ? [productId, ...others] : others);
      return before;
    },
    onError: (error: unknown, _input: unknown, before: WishedIds | undefined) => {
      if (before) utils.wishes.ids.setData(undefined, before);
      void utils.wishes.ids.invalidate();
      onFailed?.(error);
    },
    onSuccess: () => {
      void utils.wishes.list.invalidate();
      track({
        action: isWished ? "ADD_TO_WISHLIST" : "REMOVE_FROM_WISHLIST",
        entityType: "PRODUCT",
        entityId: productId,
      });
      onDone?.(isWished);
    },
  });
  const add = trpc.wishes.add.useMutation(optionsFor(true));
  const remove = trpc.wishes.remove.useMutation(optionsFor(false));
  return { change: (isWished) => (isWished ? add : remove).mutate({ productId }) };
}
