import { Notice } from "@almanac/ui";
import type { ReactNode } from "react";

/** Over a page that was kept: from when it is, and what cannot be done until the connection is back. */
export function OfflineNotice({ asOf, children }: { asOf: string; children: ReactNode }) {
  return (
    <Notice
      tone="urgent"
      icon="clock"
      announce="status"
      title={`No connection: this is how it was on ${asOf}`}
    >
      {children}
    </Notice>
  );
}
