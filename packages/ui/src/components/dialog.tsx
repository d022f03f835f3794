import { useEffect, useId, useRef } from "react";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";

export interface DialogProps {
  open: boolean;
  /** Called for Escape, the close button, and a press outside. */
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  /** Buttons; the one that acts comes last. */
  footer?: ReactNode;
}

/** The browser's own modal dialog: focus goes in, stays in and comes back. */
export function Dialog({ open, onClose, title, children, footer }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const element = dialog.current;
    if (!element || element.open === open) return;
    if (open) element.showModal();
    else element.close();
  }, [open]);

  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        // The dialog itself is only hit on its backdrop: its parts cover the rest.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog__head">
        <h2 className="dialog__title" id={titleId}>
          {title}
        </h2>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </div>
      <div className="dialog__body">{children}</div>
      {footer && <div className="dialog__foot">{footer}</div>}
    </dialog>
  );
}
