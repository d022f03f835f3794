import { useNavigate } from "@remix-run/react";
import { useLiveMessages, useLiveMode } from "@almanac/client/react";
import { amountOf, useToasts } from "@almanac/ui";
import { useEffect } from "react";

/** Alerts of the live lane on every page, as polite messages. What they change is renewed by the page's cache. */
export function LiveNews() {
  const navigate = useNavigate();
  const { show, dismiss } = useToasts();
  const isOffline = useLiveMode() === "offline";

  useEffect(() => {
    if (isOffline) show({ id: "network", message: "No network. What you change is sent when it is back." });
    else dismiss("network");
  }, [isOffline, show, dismiss]);

  useLiveMessages(({ id, type, payload }) => {
    const words = alertWords(type, payload);
    if (!words) return;
    const { slug } = payload;
    show({
      id: `live-${id}`,
      message: words,
      ...(typeof slug === "string" && {
        action: { label: "Look", onPress: () => navigate(`/products/${slug}`) },
      }),
    });
  });
  return null;
}

function alertWords(type: string, payload: Readonly<Record<string, unknown>>): string | undefined {
  const name = typeof payload["name"] === "string" ? payload["name"] : "Something you follow";
  switch (type) {
    case "PRICE_DROP_ALERT": {
      const { oldPriceCents, newPriceCents } = payload;
      if (typeof oldPriceCents !== "number" || typeof newPriceCents !== "number") return undefined;
      return `${name} is now ${amountOf(newPriceCents)}, it was ${amountOf(oldPriceCents)}.`;
    }
    case "STOCK_ALERT":
      if (payload["kind"] === "LOW_STOCK") return lowStockWords(name, payload["availableQuantity"]);
      return payload["kind"] === "BACK_IN_SEASON" ? `${name} is in season again.` : `${name} is back.`;
    case "NEW_ARRIVAL_ALERT":
      return `New: ${name}${typeof payload["farmName"] === "string" ? ` from ${payload["farmName"]}` : ""}.`;
    case "SYSTEM_ALERT":
      return typeof payload["text"] === "string" ? payload["text"] : undefined;
    default:
      return undefined;
  }
}

function lowStockWords(name: string, left: unknown): string {
  if (left === 0) return `${name} has just sold out.`;
  return typeof left === "number" ? `Only ${left} left of ${name}.` : `${name} is nearly sold out.`;
}
