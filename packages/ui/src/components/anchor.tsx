import { createContext, useContext } from "react";
import type { AnchorHTMLAttributes, ComponentType, ReactNode } from "react";

export interface AnchorProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string;
  children?: ReactNode;
}

function PlainAnchor({ children, ...rest }: AnchorProps) {
  return <a {...rest}>{children}</a>;
}

const LinkContext = createContext<ComponentType<AnchorProps>>(PlainAnchor);

export interface LinkProviderProps {
  /** What an app's router offers instead of `<a>`; it receives `href` and every attribute of an anchor. */
  link: ComponentType<AnchorProps>;
  children: ReactNode;
}

/** Lets every link of these components use the router of the app. Without it they are plain anchors. */
export function LinkProvider({ link, children }: LinkProviderProps) {
  return <LinkContext.Provider value={link}>{children}</LinkContext.Provider>;
}

/** A link that goes through the router given to `LinkProvider`. */
export function Anchor(props: AnchorProps) {
  const Link = useContext(LinkContext);
  return <Link {...props} />;
}
