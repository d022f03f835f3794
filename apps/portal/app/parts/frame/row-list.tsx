import { Anchor, Picture, type Photo, type PictureName } from "@almanac/ui";
import type { ReactNode } from "react";

export interface RowProps {
  href: string;
  name: string;
  picture: PictureName;
  photo?: Photo | null;
  detail?: ReactNode;
  /** The number one looks for. */
  figure?: ReactNode;
  figureNote?: ReactNode;
  badge?: ReactNode;
  action?: ReactNode;
}

/** Products under each other: one line each where there is room, two on a phone. */
export function RowList({ label, rows }: { label: string; rows: readonly (RowProps & { key: string })[] }) {
  return (
    <ul className="row-list" aria-label={label}>
      {rows.map(({ key, ...row }) => (
        <li key={key} className="row">
          <Picture className="row__picture" shape="thumb" name={row.picture} photo={row.photo} alt="" />
          <div className="row__text">
            <Anchor className="row__name" href={row.href}>
              {row.name}
            </Anchor>
            {row.detail && <span className="small soft">{row.detail}</span>}
          </div>
          <div className="row__badge">{row.badge}</div>
          <div className="row__figure numeric">
            <span>{row.figure}</span>
            {row.figureNote && <span className="small soft">{row.figureNote}</span>}
          </div>
          {row.action && <div className="row__action">{row.action}</div>}
        </li>
      ))}
    </ul>
  );
}
