import type { ReactNode } from "react";
import type { PictureName } from "../pictures/picture-tints.ts";
import { classNames } from "./class-names.ts";
import { Food } from "./picture.tsx";

export interface HeroProps {
  title: ReactNode;
  lead?: ReactNode;
  /** Buttons: use tone `light`. */
  actions?: ReactNode;
  /** Eight to ten foods that are good now. */
  pictures?: readonly PictureName[];
  headingLevel?: 1 | 2;
}

/** The green field at the head of a page. */
export function Hero({ title, lead, actions, pictures = [], headingLevel = 1 }: HeroProps) {
  const Heading = `h${headingLevel}` as const;
  return (
    <section className={classNames("hero", pictures.length > 0 && "hero--pictured")}>
      <div className="hero__text">
        <Heading className="hero__title">{title}</Heading>
        {lead && <p className="hero__lead">{lead}</p>}
        {actions && <div className="hero__actions">{actions}</div>}
      </div>
      {pictures.length > 0 && (
        <div className="hero__pictures" aria-hidden>
          {pictures.map((name) => (
            <Food key={name} className="hero__picture" name={name} size={96} eager />
          ))}
        </div>
      )}
    </section>
  );
}

export interface PageHeadProps {
  title: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
}

/** The title of a page with what can be done on it. */
export function PageHead({ title, lead, actions }: PageHeadProps) {
  return (
    <header className="page-head">
      <div className="page-head__text">
        <h1>{title}</h1>
        {lead && <p className="page-head__lead">{lead}</p>}
      </div>
      {actions && <div className="cluster">{actions}</div>}
    </header>
  );
}
