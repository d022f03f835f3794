import { useId, useRef, useState } from "react";
import type { FormEvent, KeyboardEvent, ReactNode } from "react";
import { Icon } from "../icons/icon.tsx";
import type { PictureName } from "../pictures/picture-tints.ts";
import { Anchor } from "./anchor.tsx";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { Picture } from "./picture.tsx";

export interface SearchSuggestion {
  id: string;
  label: string;
  href: string;
  picture?: PictureName;
  /** "in Vegetables", "4.90 /kg". */
  detail?: string;
  /** Which letters of the label answer to what was typed: from (inclusive) and to (exclusive), in order. */
  marks?: readonly (readonly [from: number, to: number])[];
}

export interface SearchBoxProps {
  /** Where the form leads; the words go as `?q=`. */
  action: string;
  name?: string;
  label?: string;
  placeholder?: string;
  defaultValue?: string;
  /** What is offered for the words typed so far. */
  suggestions?: readonly SearchSuggestion[];
  /** Called as one types. */
  onQueryChange?: (query: string) => void;
  /** In place of a full page load; `event.preventDefault()` is up to the caller. */
  onSubmit?: (event: FormEvent<HTMLFormElement>) => void;
  className?: string;
}

/**
 * A search form that works without a script, and with one offers suggestions as a combobox: arrow keys walk through
 * them, Enter opens the chosen one or searches, Escape closes the list.
 */
export function SearchBox(props: SearchBoxProps) {
  const {
    action,
    name = "q",
    label = "Search",
    placeholder,
    defaultValue,
    suggestions = [],
    onQueryChange,
  } = props;
  const listId = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const list = useRef<HTMLUListElement>(null);
  const shown = open && suggestions.length > 0;
  const chosen = shown ? suggestions[active] : undefined;
  const optionId = (index: number) => `${listId}-${index}`;

  const close = () => {
    setOpen(false);
    setActive(-1);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Escape" && shown) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (suggestions.length === 0) return;
      event.preventDefault();
      setOpen(true);
      // One place more than there are options: the words as typed are part of the round.
      const places = suggestions.length + 1;
      setActive((now) => ((now + 1 + (event.key === "ArrowDown" ? 1 : -1) + places) % places) - 1);
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      list.current?.querySelectorAll("a")[active]?.click();
      close();
    }
  };

  return (
    <form
      className={classNames("search-box", props.className)}
      role="search"
      method="get"
      action={action}
      onSubmit={(event) => {
        close();
        props.onSubmit?.(event);
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close();
      }}
    >
      <div className="search-box__field">
        <Icon name="search" />
        <input
          className="search-box__input"
          type="search"
          name={name}
          aria-label={label}
          placeholder={placeholder}
          defaultValue={defaultValue}
          autoComplete="off"
          autoCapitalize="none"
          enterKeyHint="search"
          role="combobox"
          aria-expanded={shown}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={chosen ? optionId(active) : undefined}
          onChange={(event) => {
            setOpen(true);
            setActive(-1);
            onQueryChange?.(event.target.value);
          }}
          onFocus={() => setOpen(true)}
          onKeyDown={onKeyDown}
        />
        <IconButton className="search-box__submit" type="submit" icon="arrow-right" label="Search" />
      </div>
      <ul
        ref={list}
        id={listId}
        className="search-box__list"
        role="listbox"
        aria-label="Suggestions"
        hidden={!shown}
      >
        {suggestions.map((suggestion, index) => (
          <li key={suggestion.id} className="search-box__option" role="presentation">
            <Anchor
              id={optionId(index)}
              role="option"
              aria-selected={index === active}
              className="search-box__link"
              href={suggestion.href}
              tabIndex={-1}
              onClick={close}
            >
              {suggestion.picture && (
                <Picture className="search-box__picture" shape="thumb" name={suggestion.picture} alt="" />
              )}
              <span className="search-box__label">
                <Marked text={suggestion.label} marks={suggestion.marks ?? []} />
              </span>
              {suggestion.detail && <span className="search-box__detail">{suggestion.detail}</span>}
            </Anchor>
          </li>
        ))}
      </ul>
      <span className="visually-hidden" role="status">
        {shown ? `${suggestions.length} suggestions` : ""}
      </span>
    </form>
  );
}

/**
 * Letters that were typed stand out by weight and a line under them, never by colour alone. In plain spans: a screen reader
 * reads the label as the one text it is.
 */
function Marked({ text, marks }: { text: string; marks: NonNullable<SearchSuggestion["marks"]> }) {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    if (from < at || to <= from || to > text.length) continue;
    parts.push(
      text.slice(at, from),
      <span key={from} className="search-box__mark">
        {text.slice(from, to)}
      </span>,
    );
    at = to;
  }
  return [...parts, text.slice(at)];
}
