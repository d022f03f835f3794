import { newsScope } from "./news-scope.ts";
import { trpc, type Answers } from "./trpc.ts";

export type NewsId = Answers["news"]["markRead"]["ids"][number];

/** How many news the shopper has not read, 100 for a hundred and more; right on every device soon after any is read. */
export function useUnreadNews(): number {
  return trpc.news.unread.useQuery(undefined, { staleTime: Infinity }).data?.count ?? 0;
}

/** Marks news as read that was opened where it was told. A figure beside the page: what fails is only marked later. */
export function useReadNews(): (id: NewsId) => void {
  const utils = trpc.useUtils();
  const { mutate } = trpc.news.markRead.useMutation({
    scope: newsScope,
    onSuccess: () => void utils.news.unread.invalidate(),
  });
  return (id) => mutate({ ids: [id] });
}
