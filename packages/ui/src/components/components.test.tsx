import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import {
  AddButton,
  Button,
  ConnectionBadge,
  Field,
  Input,
  LinkProvider,
  PortalShell,
  Price,
  ProductCard,
  ProductShelf,
  QuantityStepper,
  RatingStars,
  SearchBox,
  SlotPicker,
} from "../index.ts";
import type { AnchorProps, ConnectionState, ProductCardProps } from "../index.ts";
import { pagesToShow } from "./navigation.tsx";
import { amountOf } from "./price.tsx";

const html = renderToStaticMarkup;

const tomato: ProductCardProps = {
  href: "/products/heirloom-tomato",
  name: "Heirloom tomato",
  farmName: "Hollow Oak",
  picture: "tomato",
  price: { cents: 490, unit: "/kg" },
  action: <AddButton productName="Heirloom tomato" />,
};

describe("a price", () => {
  it.each([
    [490, "4.90"],
    [5, "0.05"],
    [0, "0.00"],
    [-1042, "-10.42"],
    [99_999, "999.99"],
    [123_456, "1,234.56"],
    [-123_456_789, "-1,234,567.89"],
  ])("writes %i cents as %s", (cents, text) => {
    expect(amountOf(cents)).toBe(text);
  });

  it("says the price before a drop, and only before a drop", () => {
    expect(html(<Price cents={270} wasCents={300} unit="bunch" />)).toMatch(/before: <\/span>3\.00<\/del>/);
    expect(html(<Price cents={300} wasCents={270} />)).not.toContain("<del");
  });
});

describe("a quantity stepper", () => {
  it("submits a step from its buttons when there is no script", () => {
    const form = html(<QuantityStepper label="Basil" value={2} step={1} />);
    expect(form).toMatch(/<button[^>]*type="submit" name="step" value="-1"/);
    expect(form).toMatch(/<button[^>]*type="submit" name="step" value="1"/);
    expect(form).toMatch(/<input[^>]*name="quantity"[^>]*value="2"/);
  });

  it("does not offer a step past its limits", () => {
    const atBoth = html(<QuantityStepper label="Basil" value={1} min={1} max={1} />);
    expect(atBoth.match(/<button[^>]*disabled/g)).toHaveLength(2);
  });
});

describe("a product card", () => {
  it("shows picture, name, farm, price and action, and leads to the product", () => {
    const card = html(<ProductCard {...tomato} />);
    expect(card).toContain('src="/pictures/tomato.svg"');
    expect(card).toContain('href="/products/heirloom-tomato"');
    expect(card).toContain("Hollow Oak");
    expect(card).toContain("4.90");
    expect(card).toContain('aria-label="Add Heirloom tomato"');
  });

  it("gives every picture its size, so that nothing moves when it arrives", () => {
    expect(html(<ProductCard {...tomato} />)).toMatch(/<img[^>]*width="128" height="128"/);
  });

  it("shows an uploaded photo in several widths in place of the drawn food", () => {
    const photo = {
      sources: [
        { url: "/p/320.webp", widthPx: 320 },
        { url: "/p/640.webp", widthPx: 640 },
      ],
      widthPx: 640,
      heightPx: 480,
    };
    const card = html(<ProductCard {...tomato} photo={photo} />);
    expect(card).toContain('srcSet="/p/320.webp 320w, /p/640.webp 640w"');
    expect(card).not.toContain("/pictures/");
  });

  it("opens the explanation of its reason without a script", () => {
    const reason = {
      text: "Peak now",
      explain: { contributions: [{ label: "In season here", value: 0.4 }] },
    };
    const card = html(<ProductCard {...tomato} reason={reason} />);
    const target = /popovertarget="([^"]+)"/.exec(card)?.[1];
    expect(target).toBeTruthy();
    expect(card).toContain(`id="${target}" class="popover"`);
    expect(card).toContain("In season here");
  });

  it("is not offered when sold out, and says so", () => {
    const card = html(<ProductCard {...tomato} soldOut soldOutText="Back on Wednesday" />);
    expect(card).toContain("Sold out");
    expect(card).toContain("Back on Wednesday");
    expect(card).not.toContain("add-button");
  });
});

describe("a shelf", () => {
  it("shows skeletons while loading and its empty state when there is nothing", () => {
    const loading = html(<ProductShelf title="For you" products={[]} loading={4} empty="nothing" />);
    expect(loading.match(/product-card--skeleton/g)).toHaveLength(4);
    expect(loading).toContain('aria-busy="true"');
    expect(html(<ProductShelf title="For you" products={[]} empty="nothing yet" />)).toContain("nothing yet");
  });
});

describe("a field", () => {
  it("ties label, hint and error to its control", () => {
    const field = html(
      <Field id="mail" label="E-mail" hint="For the receipt" error="Write an address" required>
        {(control) => <Input {...control} name="mail" />}
      </Field>,
    );
    expect(field).toContain('<label class="field__label" for="mail">');
    expect(field).toMatch(
      /<input[^>]*id="mail"[^>]*aria-describedby="mail-hint mail-error" aria-invalid="true"/,
    );
  });
});

describe("small parts", () => {
  it.each<[ConnectionState, string]>([
    ["live", "live"],
    ["sse", "live (SSE)"],
    ["polling", "updating every 15 s"],
    ["offline", "offline"],
    ["connecting", "connecting"],
  ])("says the connection %s as %s, politely", (state, words) => {
    const badge = html(<ConnectionBadge state={state} />);
    expect(badge).toContain('role="status" aria-live="polite"');
    expect(badge).toContain(`<span>${words}</span>`);
  });

  it("leads every link through the router it is given", () => {
    const Routed = ({ href, children }: AnchorProps) => <b data-to={href}>{children}</b>;
    const card = html(
      <LinkProvider link={Routed}>
        <ProductCard {...tomato} />
      </LinkProvider>,
    );
    expect(card).toContain('<b data-to="/products/heirloom-tomato">');
  });

  it("searches by a plain form when there is no script", () => {
    expect(html(<SearchBox action="/search" />)).toMatch(/<form[^>]*method="get" action="/);
  });

  it("marks the letters that were typed in a suggestion, and leaves the label whole for a screen reader", () => {
    const suggestions = [{ id: "p", label: "Heirloom tomato", href: "/p", marks: [[9, 12]] as const }];
    const box = html(<SearchBox action="/search" suggestions={suggestions} />);
    expect(box).toContain('Heirloom <span class="search-box__mark">tom</span>ato');
    expect(box).not.toMatch(/<mark|aria-label="Heirloom/);
    const odd = [{ id: "p", label: "Basil", href: "/p", marks: [[3, 99]] as const }];
    expect(html(<SearchBox action="/search" suggestions={odd} />)).toContain(">Basil<");
  });

  it("does not let a full slot be taken, and counts down the last places", () => {
    const slots = [
      { id: "a", time: "11:00", capacity: 40, left: 1 },
      { id: "b", time: "12:00", capacity: 40, left: 0 },
    ];
    const picker = html(<SlotPicker legend="When?" name="slot" slots={slots} />);
    expect(picker).toContain("1 place left");
    expect(picker).toMatch(/<input[^>]*disabled=""[^>]*value="b"|<input[^>]*value="b"[^>]*disabled=""/);
  });

  it("marks More as current where the page is under it, and only there", () => {
    const items = ["today", "orders", "stock", "advice", "prices", "trends"].map((label) => ({
      href: `/${label}`,
      label,
      icon: "sun" as const,
    }));
    const on = (label: string): string =>
      html(
        <PortalShell
          where="Hollow Oak"
          groups={[{ items: items.map((item) => ({ ...item, current: item.label === label })) }]}
        >
          Page
        </PortalShell>,
      );
    const more = /<button[^>]*class="bottom-nav__link"[^>]*aria-current="true"/;
    expect(on("trends")).toMatch(more);
    expect(on("today")).not.toMatch(more);
  });

  it("says that a busy button is busy", () => {
    expect(html(<Button busy>Pay</Button>)).toContain('aria-busy="true"');
  });

  it("says a rating in words", () => {
    expect(html(<RatingStars value={4.62} count={1} />)).toContain("4.6 of 5 stars, 1 rating");
  });

  it("shows first, last and neighbouring pages, with a gap only where it saves room", () => {
    expect(pagesToShow(6, 12)).toEqual([1, undefined, 5, 6, 7, undefined, 12]);
    expect(pagesToShow(3, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(pagesToShow(1, 1)).toEqual([1]);
  });
});
