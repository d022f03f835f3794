import { useId } from "react";
import type { ReactNode } from "react";
import { Anchor } from "../components/anchor.tsx";
import { Badge } from "../components/badge.tsx";
import { Popover, popoverTarget } from "../components/popover.tsx";
import { Icon } from "../icons/icon.tsx";
import type { IconName } from "../icons/icon-paths.ts";
import { Brand, SkipLink } from "./store-shell.tsx";

export interface PortalNavItem {
  href: string;
  label: string;
  icon: IconName;
  current?: boolean;
  /** Something waits there. */
  count?: number;
}

export interface PortalShellProps {
  homeHref?: string;
  /** Whose portal: "Hollow Oak Farm". */
  where: ReactNode;
  groups: readonly { title?: string; items: readonly PortalNavItem[] }[];
  /** The addresses of the bottom bar of a phone, four at most; by default the first four. The rest is under "More". */
  bottom?: readonly string[];
  /** At the end of the top line: connection, account. */
  tools?: ReactNode;
  children: ReactNode;
}

/** A side list where there is room, a bottom bar on a phone. Works without a script. */
export function PortalShell({
  homeHref = "/portal",
  where,
  groups,
  bottom,
  tools,
  children,
}: PortalShellProps) {
  const moreId = useId();
  const items = groups.flatMap((group) => group.items);
  const first = bottom
    ? bottom.flatMap((href) => items.find((item) => item.href === href) ?? [])
    : items.slice(0, items.length > 5 ? 4 : 5);
  const hidden = items.filter((item) => !first.includes(item));
  return (
    <div className="portal">
      <SkipLink />
      <aside className="portal__side">
        <Brand href={homeHref} sub="portal" />
        <nav className="side-nav" aria-label="Portal">
          {groups.map((group, index) => (
            <SideGroup key={group.title ?? index} group={group} />
          ))}
        </nav>
      </aside>
      <header className="portal__top">
        <Brand href={homeHref} />
        <div className="portal__where">{where}</div>
        {tools && <div className="portal__tools">{tools}</div>}
      </header>
      <main id="main" className="portal__main" tabIndex={-1}>
        <div className="portal__content">{children}</div>
      </main>
      <nav className="bottom-nav" aria-label="Portal, short">
        {first.map((item) => (
          <Anchor
            key={item.href}
            className="bottom-nav__link"
            href={item.href}
            aria-current={item.current ? "page" : undefined}
          >
            <Icon name={item.icon} />
            {item.label}
            {item.count !== undefined && item.count > 0 && <Badge tone="count">{item.count}</Badge>}
          </Anchor>
        ))}
        {hidden.length > 0 && (
          <button
            type="button"
            className="bottom-nav__link"
            aria-current={hidden.some((item) => item.current) ? "true" : undefined}
            {...popoverTarget(moreId)}
          >
            <Icon name="menu" />
            More
          </button>
        )}
      </nav>
      {hidden.length > 0 && (
        <Popover id={moreId} title="More">
          <nav className="side-nav" aria-label="More">
            <SideGroup group={{ items: hidden }} />
          </nav>
        </Popover>
      )}
    </div>
  );
}

/** A group is named by a paragraph: as a heading it would stand before that of the page. */
function SideGroup({ group }: { group: { title?: string; items: readonly PortalNavItem[] } }) {
  const titleId = useId();
  return (
    <div>
      {group.title && (
        <p id={titleId} className="side-nav__title">
          {group.title}
        </p>
      )}
      <ul className="side-nav__items" aria-labelledby={group.title ? titleId : undefined}>
        {group.items.map((item) => (
          <li key={item.href}>
            <Anchor
              className="side-nav__link"
              href={item.href}
              aria-current={item.current ? "page" : undefined}
            >
              <Icon name={item.icon} />
              {item.label}
              {item.count !== undefined && item.count > 0 && <Badge tone="count">{item.count}</Badge>}
            </Anchor>
          </li>
        ))}
      </ul>
    </div>
  );
}
