import { useLiveMessages, useReadNews, type NewsId } from "@almanac/client/react";
import { Button, Chips, EmptyState, LinkButton, PageHead, Picture, pictureFor } from "@almanac/ui";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { runForm, textOf } from "../server/answer.server.ts";
import { marketTime } from "../server/visit.server.ts";
import { ActionForm } from "../shell/action-form.tsx";
import { useReadAgain } from "../shell/read-again.ts";
import { atMarket, sameDayWords } from "../words/dates.ts";
import { newsLink, newsReason, newsWords } from "../words/news.ts";

export const meta: MetaFunction = () => [{ title: "News · Almanac" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const before = searchParams.get("before")?.slice(0, 100);
  const unreadOnly = searchParams.get("only") === "unread";
  const [{ items, next }, timeZone] = await Promise.all([
    context.api.news.list({ limit: 20, unreadOnly, ...(before && { before }) }),
    marketTime(context),
  ]);
  const now = context.now.toISOString();
  return {
    unreadOnly,
    isFirst: !before,
    next,
    days: daysOf(
      items.flatMap(({ id, type, payload, at, isRead }) => {
        const words = newsWords(type, payload);
        if (!words) return [];
        const name = typeof payload["name"] === "string" ? payload["name"] : undefined;
        return {
          id,
          words,
          isRead,
          day: sameDayWords(at, now, timeZone),
          time: atMarket(at, timeZone, "time"),
          reason: newsReason(payload),
          picture: name ? pictureFor({ name }) : ("basket" as const),
          link: newsLink(type, payload),
        };
      }),
    ),
  };
}

/** Those of one day together, the latest first. */
function daysOf<Item extends { readonly day: string }>(items: readonly Item[]) {
  return [...Map.groupBy(items, ({ day }) => day)].map(([day, news]) => ({ day, news }));
}

export async function action({ request, context: { api } }: ActionFunctionArgs) {
  const form = await request.formData();
  const named = textOf(form, "ids")
    .split(",")
    .filter((id) => id !== "") as NewsId[];
  return runForm(form, async () => {
    switch (textOf(form, "intent")) {
      case "read-all": {
        const { ids } = await api.news.markAllRead();
        return { message: "All news are marked as read.", undo: undoOf(ids) };
      }
      case "unread":
        await api.news.markUnread({ ids: named });
        return {};
      default:
        await api.news.markRead({ ids: named });
        return {};
    }
  });
}

const undoOf = (ids: readonly string[]) => ({
  action: "/news",
  fields: { intent: "unread", ids: ids.join(",") },
});

export default function News() {
  const { days, unreadOnly, isFirst, next } = useLoaderData<typeof loader>();
  const hasUnread = days.some(({ news }) => news.some(({ isRead }) => !isRead));
  useFreshNews();
  return (
    <div className="stack stack--loose">
      <PageHead
        title="News"
        lead="What you asked to be told, and what the farms you follow bring. Kept for ninety days."
        actions={hasUnread && <ReadAll />}
      />
      <Chips
        label="What is shown"
        chips={[
          { href: "/news", label: "All", on: !unreadOnly },
          { href: "/news?only=unread", label: "Unread", on: unreadOnly },
        ]}
      />
      {days.length === 0 && <NothingNew unreadOnly={unreadOnly} />}
      {days.map(({ day, news }) => (
        <section key={day} className="stack stack--tight" aria-label={day}>
          <h2 className="card__title">{day}</h2>
          <ul className="plain-list">
            {news.map((item) => (
              <Item key={item.id} item={item} />
            ))}
          </ul>
        </section>
      ))}
      <p className="cluster">
        {!isFirst && (
          <LinkButton href={unreadOnly ? "/news?only=unread" : "/news"} tone="secondary">
            Newest
          </LinkButton>
        )}
        {next && (
          <LinkButton
            href={`/news?${unreadOnly ? "only=unread&" : ""}before=${encodeURIComponent(next)}`}
            tone="secondary"
          >
            Older news
          </LinkButton>
        )}
      </p>
    </div>
  );
}

type NewsItem = ReturnType<typeof useLoaderData<typeof loader>>["days"][number]["news"][number];

function Item({ item }: { item: NewsItem }) {
  const { id, words, isRead, time, reason, picture, link } = item;
  const readNews = useReadNews();
  return (
    <li className={isRead ? "card news" : "card news news--unread"}>
      <Picture shape="thumb" name={picture} alt="" />
      <div>
        <p className="news__words">
          {!isRead && <span className="visually-hidden">Unread: </span>}
          {words}
        </p>
        <p className="soft small">{[time, reason].filter(Boolean).join(" · ")}</p>
      </div>
      <div className="cluster news__acts">
        {link && (
          <LinkButton
            href={link.href}
            size="small"
            tone="secondary"
            aria-label={`${link.label}: ${words}`}
            // Also where this page says that it was read: it may have been marked unread a moment ago.
            onClick={() => readNews(id)}
          >
            {link.label}
          </LinkButton>
        )}
        <ActionForm action="/news" fields={{ intent: isRead ? "unread" : "read", ids: id }}>
          {({ busy }) => (
            <Button type="submit" size="small" tone="quiet" busy={busy}>
              {isRead ? "Mark as unread" : "Mark as read"}
            </Button>
          )}
        </ActionForm>
      </div>
    </li>
  );
}

function ReadAll() {
  return (
    <ActionForm action="/news" fields={{ intent: "read-all" }}>
      {({ busy }) => (
        <Button type="submit" tone="secondary" icon="check" busy={busy}>
          Mark all as read
        </Button>
      )}
    </ActionForm>
  );
}

function NothingNew({ unreadOnly }: { unreadOnly: boolean }) {
  return unreadOnly ? (
    <EmptyState
      title="All read"
      picture="seedling"
      headingLevel={2}
      actions={<LinkButton href="/news">See all news</LinkButton>}
    />
  ) : (
    <EmptyState
      title="No news yet"
      picture="seedling"
      headingLevel={2}
      actions={
        <>
          <LinkButton href="/coming">What’s coming</LinkButton>
          <LinkButton href="/farms" tone="secondary">
            Farms to follow
          </LinkButton>
        </>
      }
    >
      Put a product on the wishlist, ask to be told when something is back, or follow a farm: what they bring
      stands here, also when you were away.
    </EmptyState>
  );
}

/** Another device may have read some, and more may come while the page is open. */
function useFreshNews(): void {
  const readAgain = useReadAgain();
  useLiveMessages(({ type }) => {
    if (type === "NEWS_UPDATE") readAgain();
  });
}
