import { Button, Notice, RatingInput, RatingStars, TextareaField } from "@almanac/ui";
import { Fragment, type CSSProperties } from "react";
import { ActionForm } from "../shell/action-form.tsx";
import { dayInWords } from "../words/dates.ts";
import type { ProductData, RatingsData } from "./product-head.tsx";

type ShareStyle = CSSProperties & { "--share": number };

/** What buyers say of a product, and the form for those who bought it. */
export function Ratings({ product, ratings }: { product: ProductData; ratings: RatingsData }) {
  return (
    <section className="stack" aria-labelledby="ratings-title">
      <h2 id="ratings-title">Ratings</h2>
      <RatingSummary ratings={ratings} />
      <RateForm action={`/products/${product.slug}`} fields={{ productId: product.id }} what={product.name} />
    </section>
  );
}

export function RatingSummary({ ratings }: { ratings: RatingsData }) {
  if (!ratings || ratings.average === null) return <p className="soft">Nobody has rated it yet.</p>;
  return (
    <>
      <RatingStars value={ratings.average} count={ratings.count} />
      <dl className="histogram">
        {[5, 4, 3, 2, 1].map((stars) => {
          const count = ratings.histogram[stars - 1] ?? 0;
          const style: ShareStyle = { "--share": ratings.count > 0 ? count / ratings.count : 0 };
          return (
            <Fragment key={stars}>
              <dt>{stars === 1 ? "1 star" : `${stars} stars`}</dt>
              <dd className="histogram__bar" aria-hidden style={style}>
                <span />
              </dd>
              <dd className="numeric">{count}</dd>
            </Fragment>
          );
        })}
      </dl>
      <ul className="plain-list">
        {ratings.items
          .filter(({ body }) => body !== "")
          .map((rating) => (
            <li key={rating.id} className="card">
              <RatingStars value={rating.stars} />
              <p>{rating.body}</p>
              <p className="soft small">{dayInWords(rating.ratedAt)}</p>
            </li>
          ))}
      </ul>
    </>
  );
}

export interface RateFormProps {
  action: string;
  fields: Readonly<Record<string, string>>;
  what: string;
}

/** Opens on demand; who has not bought it is told so. */
export function RateForm({ action, fields, what }: RateFormProps) {
  return (
    <details className="card">
      <summary className="button button--secondary">Rate {what}</summary>
      <ActionForm action={action} fields={fields} className="stack" quiet={false}>
        {({ busy, answer }) => (
          <>
            {answer && !answer.ok && (
              <Notice tone="urgent" announce="alert">
                {answer.message}
              </Notice>
            )}
            <RatingInput legend="How was it?" name="stars" required />
            <TextareaField
              label="What should your neighbours know?"
              name="body"
              optional
              maxLength={2_000}
              rows={3}
            />
            <div>
              <Button type="submit" busy={busy}>
                Send rating
              </Button>
            </div>
          </>
        )}
      </ActionForm>
    </details>
  );
}
