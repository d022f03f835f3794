import { forwardRef } from "react";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Icon } from "../icons/icon.tsx";
import type { IconName } from "../icons/icon-paths.ts";
import { Anchor } from "./anchor.tsx";
import type { AnchorProps } from "./anchor.tsx";
import { classNames } from "./class-names.ts";

/** `primary` acts, `warm` is for what is urgent or cannot be taken back, `light` lies on the green field. */
export type ButtonTone = "primary" | "secondary" | "soft" | "quiet" | "warm" | "light";

interface ButtonLook {
  tone?: ButtonTone;
  size?: "small" | "medium" | "large";
  /** As wide as its container. */
  wide?: boolean;
  icon?: IconName;
  children?: ReactNode;
}

export interface ButtonProps extends ButtonLook, ButtonHTMLAttributes<HTMLButtonElement> {
  /** Work is under way: a second press does nothing, and the button says that it is busy. */
  busy?: boolean;
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { tone, size, wide, icon, busy = false, children, className, onClick, ...rest },
  ref,
) {
  return (
    <button
      ref={ref}
      className={classNames(lookOf({ tone, size, wide }), className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {busy ? <span className="button__spinner" aria-hidden /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
});

export type LinkButtonProps = ButtonLook & AnchorProps;

/** A link that looks like a button, for going somewhere. */
export function LinkButton({ tone, size, wide, icon, children, className, ...rest }: LinkButtonProps) {
  return (
    <Anchor className={classNames(lookOf({ tone, size, wide }), className)} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </Anchor>
  );
}

function lookOf({ tone = "primary", size = "medium", wide }: ButtonLook): string {
  return classNames(
    "button",
    tone !== "primary" && `button--${tone}`,
    size !== "medium" && `button--${size}`,
    wide && "button--wide",
  );
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: IconName;
  /** What pressing it does, in words: the icon alone says nothing to a screen reader. */
  label: string;
  look?: "plain" | "outlined" | "on-picture";
}

export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { icon, label, look = "plain", className, type = "button", ...rest },
  ref,
) {
  return (
    <button
      ref={ref}
      type={type}
      aria-label={label}
      title={label}
      className={classNames("icon-button", look !== "plain" && `icon-button--${look}`, className)}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
});

export interface IconLinkProps extends AnchorProps {
  icon: IconName;
  label: string;
  look?: "plain" | "outlined" | "on-picture";
}

export function IconLink({ icon, label, look = "plain", className, children, ...rest }: IconLinkProps) {
  return (
    <Anchor
      aria-label={label}
      title={label}
      className={classNames("icon-button", look !== "plain" && `icon-button--${look}`, className)}
      {...rest}
    >
      <Icon name={icon} />
      {children}
    </Anchor>
  );
}

export interface WishButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> {
  productName: string;
  wished: boolean;
}

/** The heart on a picture. Submits the form it is in; its state is said with `aria-pressed`. */
export function WishButton({ productName, wished, type = "submit", ...rest }: WishButtonProps) {
  return (
    <IconButton
      type={type}
      look="on-picture"
      icon={wished ? "heart-filled" : "heart"}
      label={`Keep ${productName} on the wishlist`}
      aria-pressed={wished}
      {...rest}
    />
  );
}

export interface AddButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  productName: string;
  /** How many are in the basket already; shown in place of the plus. */
  inBasket?: number;
  busy?: boolean;
}

/** "Add" on a card: a pill, or a round plus where the card is narrow. Submits the form it is in. */
export function AddButton({
  productName,
  inBasket = 0,
  busy,
  type = "submit",
  className,
  ...rest
}: AddButtonProps) {
  return (
    <Button
      type={type}
      busy={busy}
      className={classNames("add-button", className)}
      aria-label={inBasket > 0 ? `${inBasket} in basket: add another ${productName}` : `Add ${productName}`}
      {...rest}
    >
      {!busy && (inBasket > 0 ? <span className="add-button__count">{inBasket}</span> : <Icon name="plus" />)}{" "}
      <span className="add-button__text">{inBasket > 0 ? "in basket" : "Add"}</span>
    </Button>
  );
}
