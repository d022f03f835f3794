import { Button, IconButton } from "@almanac/ui";
import { useEffect, useState } from "react";
import { ActionForm } from "./action-form.tsx";
import { useHydrated } from "./hydrated.ts";
import { useMaybeVisit } from "./visit.ts";

const putAside = "almanac-consent-later";

/** Asks once, plainly: yes and no look alike, and both work without scripts. Closing it decides nothing. */
export function ConsentBanner() {
  const visit = useMaybeVisit();
  const isHydrated = useHydrated();
  const [isAside, setAside] = useState(false);
  useEffect(() => setAside(readAside()), []);
  if (!visit || visit.me.consent !== "unset" || isAside) return null;
  return (
    <section className="consent" aria-label="Your say about your data">
      <div className="consent__text">
        <p className="consent__title">May we remember what you look at?</p>
        <p className="small">
          Only here, for suggestions that fit. Shopping works the same without, and My data deletes it.
        </p>
      </div>
      <div className="consent__answers">
        <ActionForm action="/consent" fields={{ tracking: "denied" }} quiet>
          {({ busy }) => (
            <Button type="submit" tone="secondary" busy={busy}>
              No, thanks
            </Button>
          )}
        </ActionForm>
        <ActionForm action="/consent" fields={{ tracking: "granted" }} quiet>
          {({ busy }) => (
            <Button type="submit" tone="secondary" busy={busy}>
              Yes, remember
            </Button>
          )}
        </ActionForm>
      </div>
      {isHydrated && (
        <IconButton
          className="consent__later"
          icon="close"
          label="Ask me later"
          onClick={() => {
            sessionStorage.setItem(putAside, "1");
            setAside(true);
          }}
        />
      )}
    </section>
  );
}

function readAside(): boolean {
  try {
    return sessionStorage.getItem(putAside) === "1";
  } catch {
    return false;
  }
}
