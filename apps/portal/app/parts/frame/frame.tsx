import { forgetKeptPages } from "@almanac/client/react";
import { Button, LinkButton, Popover, PortalShell, popoverTarget, type IconName } from "@almanac/ui";
import { Form, useLocation, useNavigation } from "@remix-run/react";
import type { ReactNode } from "react";

export interface FrameItem {
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
  readonly count?: number;
  /** Current on this address only, not on those below it. */
  readonly exact?: boolean;
}

export interface FrameProps {
  where: string;
  person: { readonly name: string | null; readonly email: string | null };
  groups: readonly { readonly title?: string; readonly items: readonly FrameItem[] }[];
  bottom?: readonly string[];
  tools?: ReactNode;
  children: ReactNode;
}

/** The portal around every page of a place: where one is, where one can go, who one is. */
export function Frame({ where, person, groups, bottom, tools, children }: FrameProps) {
  const { pathname } = useLocation();
  const { state } = useNavigation();
  const here = `/portal${pathname === "/" ? "" : pathname.replace(/\/$/, "")}`;
  const withCurrent = groups.map(({ title, items }) => ({
    title,
    items: items.map(({ exact, ...item }) => ({
      ...item,
      current: here === item.href || (!exact && here.startsWith(`${item.href}/`)),
    })),
  }));
  return (
    <PortalShell
      where={where}
      groups={withCurrent}
      bottom={bottom}
      tools={
        <>
          {tools}
          <AccountMenu person={person} />
        </>
      }
    >
      {state === "loading" && <div className="page-progress" role="progressbar" aria-label="Loading" />}
      {children}
    </PortalShell>
  );
}

function AccountMenu({ person }: Pick<FrameProps, "person">) {
  const { name, email } = person;
  return (
    <>
      <button
        type="button"
        className="account-button"
        aria-label="Your account"
        {...popoverTarget("account-menu")}
      >
        {(name ?? email ?? "?").trim().charAt(0).toUpperCase()}
      </button>
      <Popover id="account-menu" title={name ?? "Signed in"}>
        <div className="stack stack--tight">
          {email && <p className="soft small">{email}</p>}
          <LinkButton href="/portal?places" tone="secondary" wide icon="home">
            All my places
          </LinkButton>
          <LinkButton href="/" tone="secondary" wide icon="basket">
            To the shop
          </LinkButton>
          <Form method="post" action="/sign-out" reloadDocument onSubmit={() => void forgetKeptPages()}>
            <Button type="submit" tone="quiet" wide icon="logout">
              Sign out
            </Button>
          </Form>
        </div>
      </Popover>
    </>
  );
}
