import type { ReactNode } from "react";
import { Icon } from "../icons/icon.tsx";
import type { IconName } from "../icons/icon-paths.ts";
import { classNames } from "./class-names.ts";

/** `good` is green, `urgent` the warm accent; all else is calm. */
export type Tone = "calm" | "good" | "urgent";

export interface BadgeProps {
  tone?: Tone | "on-picture" | "count";
  icon?: IconName;
  children: ReactNode;
  className?: string;
}

export function Badge({ tone = "calm", icon, children, className }: BadgeProps) {
  return (
    <span className={classNames("badge", tone !== "calm" && `badge--${tone}`, className)}>
      {icon && <Icon name={icon} />}
      <span className="badge__text">{children}</span>
    </span>
  );
}

/** How the page learns of news: WebSocket, server-sent events, polling, not at all, or not yet. */
export type ConnectionState = "live" | "sse" | "polling" | "offline" | "connecting";

const connectionWords: Record<ConnectionState, string> = {
  live: "live",
  sse: "live (SSE)",
  polling: "updating every 15 s",
  offline: "offline",
  connecting: "connecting",
};

export interface ConnectionBadgeProps {
  state: ConnectionState;
  /** Said after the state: "Riverside Market, Saturday 8–13". */
  detail?: ReactNode;
}

/** Says how alive the page is. A change is announced politely. */
export function ConnectionBadge({ state, detail }: ConnectionBadgeProps) {
  return (
    <span
      className={`connection connection--${state}`}
      role="status"
      aria-live="polite"
      data-connection={state}
    >
      <span className="connection__dot" aria-hidden />
      <span>
        {connectionWords[state]}
        {detail && <> · {detail}</>}
      </span>
    </span>
  );
}
