import { useNavigate } from "@remix-run/react";
import { useLiveMessages, useLiveMode, useReadNews, type NewsId } from "@almanac/client/react";
import { useToasts } from "@almanac/ui";
import { useEffect, useRef } from "react";
import { newsLink, newsWords } from "../words/news.ts";

/** Alerts of the live lane on every page, as polite messages. What they change is renewed by the page's cache. */
export function LiveNews() {
  const navigate = useNavigate();
  const { show, dismiss } = useToasts();
  const readNews = useReadNews();
  const isOffline = useLiveMode() === "offline";
  const told = useRef(new Set<string>());

  useEffect(() => {
    if (isOffline) show({ id: "network", message: "No network. What you change is sent when it is back." });
    else dismiss("network");
  }, [isOffline, show, dismiss]);

  useLiveMessages(({ id, type, payload }) => {
    const words = newsWords(type, payload);
    if (!words) return;
    const link = newsLink(type, payload);
    const { newsId, alertId } = payload;
    // Whom it concerns hears of a price on two topics, of their own first.
    const key = typeof alertId === "string" ? alertId : id;
    if (told.current.has(key)) return;
    told.current.add(key);
    const follow = (href: string): void => {
      if (typeof newsId === "string") readNews(newsId as NewsId);
      navigate(href);
    };
    show({
      id: `live-${key}`,
      message: words,
      ...(link && { action: { label: link.label, onPress: () => follow(link.href) } }),
    });
  });
  return null;
}
