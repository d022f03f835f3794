import type { ButtonHTMLAttributes, ReactNode } from "react";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";

/** The popover attributes of HTML, which React 18 passes on but does not know by type. */
type PopoverAttributes = Record<string, string>;

/** Spread on a button: pressing it opens or closes the popover of that id, with no script. */
export function popoverTarget(id: string): PopoverAttributes & ButtonHTMLAttributes<HTMLButtonElement> {
  return { popovertarget: id };
}

export interface PopoverProps {
  id: string;
  title: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A sheet (phone) or card (wider) that a button with `popoverTarget(id)` opens. Works without JavaScript. */
export function Popover({ id, title, children, className }: PopoverProps) {
  const attributes: PopoverAttributes = { popover: "auto" };
  return (
    <div
      id={id}
      className={classNames("popover", className)}
      role="dialog"
      aria-labelledby={`${id}-title`}
      {...attributes}
    >
      <div className="popover__head">
        <p className="popover__title" id={`${id}-title`}>
          {title}
        </p>
        <IconButton icon="close" label="Close" {...popoverTarget(id)} {...closeAction} />
      </div>
      {children}
    </div>
  );
}

const closeAction: PopoverAttributes = { popovertargetaction: "hide" };
