import type { SVGProps } from "react";
import { classNames } from "../components/class-names.ts";
import { iconPaths } from "./icon-paths.ts";
import type { IconName } from "./icon-paths.ts";

export interface IconProps extends Omit<SVGProps<SVGSVGElement>, "name"> {
  name: IconName;
  /** Said by a screen reader. Without it the icon is decoration and hidden from it. */
  label?: string;
}

/** A line icon in the colour and size of the text around it. */
export function Icon({ name, label, className, ...rest }: IconProps) {
  const filled = name === "heart-filled";
  return (
    <svg
      viewBox="0 0 24 24"
      fill={filled ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      focusable="false"
      className={classNames("icon", className)}
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}
      {...rest}
    >
      <path d={iconPaths[name === "heart-filled" ? "heart" : name]} />
    </svg>
  );
}
