import type { MonthDay } from "../../server/growing/growing-words.ts";

export interface GridEntry {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
}

interface MonthGridProps {
  caption: string;
  weeks: readonly (readonly MonthDay[])[];
  entries: Readonly<Record<string, readonly GridEntry[]>>;
  today: string;
}

const names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const shown = 3;

/** A month as one hangs it on a wall; on a phone the days carry dots and lead to the list below. */
export function MonthGrid({ caption, weeks, entries, today }: MonthGridProps) {
  return (
    <table className="month">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {names.map((name) => (
            <th key={name} scope="col" className="month__name">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]!.day}>
            {week.map((day) => (
              <Day key={day.day} {...day} entries={entries[day.day] ?? []} isToday={day.day === today} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Day({
  day,
  number,
  inMonth,
  entries,
  isToday,
}: MonthDay & { entries: readonly GridEntry[]; isToday: boolean }) {
  const look = `month__day${inMonth ? "" : " month__day--other"}${isToday ? " month__day--today" : ""}`;
  return (
    <td className={look} aria-current={isToday ? "date" : undefined}>
      {entries.length > 0 && inMonth ? (
        <a className="month__number" href={`#day-${day}`}>
          {number}
          <span className="visually-hidden">
            , {entries.length === 1 ? "one thing" : `${entries.length} things`}
          </span>
        </a>
      ) : (
        <span className="month__number">{number}</span>
      )}
      <ul className="month__entries">
        {entries.slice(0, shown).map(({ id, kind, title }) => (
          <li key={id} className={`month__entry kind-${kind}`}>
            <span className="month__dot" aria-hidden />
            <span className="month__title">{title}</span>
          </li>
        ))}
        {entries.length > shown && <li className="month__more small soft">{entries.length - shown} more</li>}
      </ul>
    </td>
  );
}
