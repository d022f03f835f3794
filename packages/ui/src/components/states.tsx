import type { CSSProperties, ReactNode } from "react";
import type { IconName } from "../icons/icon-paths.ts";
import { Icon } from "../icons/icon.tsx";
import type { PictureName } from "../pictures/picture-tints.ts";
import type { Tone } from "./badge.tsx";
import { classNames } from "./class-names.ts";
import { Food } from "./picture.tsx";

interface StateProps {
  title: ReactNode;
  children?: ReactNode;
  /** What to do next: one or two buttons. */
  actions?: ReactNode;
  picture?: PictureName;
  headingLevel?: 1 | 2 | 3;
}

/** There is nothing here: what that means and what to do next. */
export function EmptyState({ title, children, actions, picture = "basket", headingLevel = 3 }: StateProps) {
  const Heading = `h${headingLevel}` as const;
  return (
    <div className="state">
      <Food className="state__picture" name={picture} size={88} />
      <Heading className="state__title">{title}</Heading>
      {children && <div className="state__text">{children}</div>}
      {actions && <div className="state__actions">{actions}</div>}
    </div>
  );
}

export interface ErrorStateProps extends StateProps {
  /** The id of the request, for whoever is asked for help. */
  reference?: string;
}

/** Something failed: what, in words, and what to do next. It is announced. */
export function ErrorState({
  reference,
  picture = "sun-behind-small-cloud",
  children,
  ...rest
}: ErrorStateProps) {
  return (
    <div role="alert">
      <EmptyState picture={picture} {...rest}>
        {children}
        {reference && <p className="state__reference">Reference: {reference}</p>}
      </EmptyState>
    </div>
  );
}

export interface SkeletonProps {
  /** CSS lengths. */
  width?: string;
  height?: string;
  round?: boolean;
  className?: string;
}

type SkeletonStyle = CSSProperties & { "--skeleton-width"?: string; "--skeleton-height"?: string };

/** Holds the place of what is loading. Hidden from screen readers: say `aria-busy` on what it stands in. */
export function Skeleton({ width, height, round, className }: SkeletonProps) {
  const style: SkeletonStyle = { "--skeleton-width": width, "--skeleton-height": height };
  return (
    <span
      className={classNames("skeleton", round && "skeleton--round", className)}
      style={style}
      aria-hidden
    />
  );
}

const noticeIcons: Record<Tone, IconName> = { calm: "info", good: "check", urgent: "alert" };

export interface NoticeProps {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  icon?: IconName;
  /** `status` is announced politely, `alert` at once; without it nothing is announced. */
  announce?: "status" | "alert";
}

/** A sentence that stays on the page. */
export function Notice({ tone = "calm", title, children, actions, icon, announce }: NoticeProps) {
  return (
    <div className={classNames("notice", tone !== "calm" && `notice--${tone}`)} role={announce}>
      <Icon name={icon ?? noticeIcons[tone]} />
      {title && <p className="notice__title">{title}</p>}
      {children && <div className="notice__body">{children}</div>}
      {actions && <div className="notice__actions">{actions}</div>}
    </div>
  );
}

export interface CardProps {
  title?: ReactNode;
  /** Beside the title. */
  aside?: ReactNode;
  look?: "plain" | "flush" | "sunken";
  headingLevel?: 2 | 3 | 4;
  children: ReactNode;
  className?: string;
}

export function Card({ title, aside, look = "plain", headingLevel = 2, children, className }: CardProps) {
  const Heading = `h${headingLevel}` as const;
  return (
    <section className={classNames("card", look !== "plain" && `card--${look}`, className)}>
      {(title || aside) && (
        <div className="card__head">
          {title && <Heading className="card__title">{title}</Heading>}
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}
