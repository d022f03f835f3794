import { useFetcher, useLocation, useSubmit } from "@remix-run/react";
import { useToasts } from "@almanac/ui";
import { useEffect, useRef, type ReactNode } from "react";
import type { ActionAnswer } from "../server/answer.server.ts";
import { useHydrated } from "./hydrated.ts";

export interface ActionFormProps {
  action: string;
  fields?: Readonly<Record<string, string | number>>;
  className?: string;
  /** Says nothing when it went well. */
  quiet?: boolean;
  onDone?: () => void;
  children: (state: {
    busy: boolean;
    answer: ActionAnswer | undefined;
    submitted: FormData | undefined;
  }) => ReactNode;
}

/** A form that stays on its page: with scripts by a request in the background, without by going there and back. */
export function ActionForm({ action, fields = {}, className, quiet, onDone, children }: ActionFormProps) {
  const fetcher = useFetcher<ActionAnswer>();
  useAnswerToast(fetcher.data, { quiet, onDone });
  return (
    <fetcher.Form method="post" action={action} className={className}>
      <ReturnFields />
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children({ busy: fetcher.state !== "idle", answer: fetcher.data, submitted: fetcher.formData })}
    </fetcher.Form>
  );
}

/** Where a form without scripts comes back to, and whether it has scripts. */
export function ReturnFields() {
  const { pathname, search } = useLocation();
  const isHydrated = useHydrated();
  return (
    <>
      <input type="hidden" name="returnTo" value={`${pathname}${search}`} />
      {isHydrated && <input type="hidden" name="js" value="1" />}
    </>
  );
}

/** Says what came of a form, once, with a way to take it back. */
function useAnswerToast(
  answer: ActionAnswer | undefined,
  { quiet, onDone }: { quiet?: boolean | undefined; onDone?: (() => void) | undefined },
): void {
  const { show } = useToasts();
  const submit = useSubmit();
  const said = useRef<ActionAnswer>();
  useEffect(() => {
    if (!answer || said.current === answer) return;
    said.current = answer;
    if (answer.ok) onDone?.();
    if (!answer.message || (answer.ok && quiet)) return;
    const undo = answer.ok ? answer.undo : undefined;
    show({
      message: answer.message,
      ...(undo && {
        action: {
          label: "Undo",
          onPress: () =>
            submit({ ...undo.fields, js: "1" }, { method: "post", action: undo.action, navigate: false }),
        },
      }),
    });
  }, [answer, onDone, quiet, show, submit]);
}
