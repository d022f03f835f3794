import { useEffect, useState } from "react";

export interface NamedField {
  /** The words beside it: "Keeps for". */
  readonly label: string;
  readonly id: string;
}

/**
 * How the page itself calls the inputs of these names, and where they are. Empty until the page is alive, and for inputs
 * without a label.
 */
export function useNamedFields(names: readonly string[]): ReadonlyMap<string, NamedField> {
  const [found, setFound] = useState<ReadonlyMap<string, NamedField>>(new Map());
  const asked = names.join(" ");
  useEffect(() => setFound(new Map(asked.split(" ").flatMap(fieldOf))), [asked]);
  return found;
}

function fieldOf(name: string): [string, NamedField][] {
  const input = name === "" ? undefined : document.getElementsByName(name)[0];
  if (!(
    input instanceof HTMLInputElement ||
    input instanceof HTMLSelectElement ||
    input instanceof HTMLTextAreaElement
  ))
    return [];
  const label = wordsOf(input.labels?.[0]);
  return label ? [[name, { label, id: input.id }]] : [];
}

/** Its own words, without the "(optional)" or the hint inside it. */
function wordsOf(label: HTMLLabelElement | undefined): string {
  const own = [...(label?.childNodes ?? [])].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
  return (
    own
      .map(({ textContent }) => textContent)
      .join("")
      .trim() ||
    (label?.textContent.trim() ?? "")
  );
}
