import {
  Button,
  ConnectionBadge,
  EmptyState,
  Hero,
  LinkButton,
  ProductShelf,
  SearchBox,
  SeasonBoard,
  StoreFooter,
  StoreHeader,
  StoreMain,
} from "../src/index.ts";
import { products } from "./examples.tsx";

export function GalleryHeader() {
  return (
    <StoreHeader
      search={<SearchBox action="/search" placeholder="tomatoes, eggs, something for the grill" />}
      market={{ href: "/markets", label: "Riverside, Saturday 8–13" }}
      connection={<ConnectionBadge state="live" />}
      account={{ href: "/account", label: "Maya" }}
      wishlistHref="/wishlist"
      basket={{ href: "/cart", count: 3 }}
      nav={["Home", "In season", "Vegetables", "Fruit", "Dairy", "Bread", "Farms"].map((label, index) => ({
        href: `/${label}`,
        label,
        current: index === 0,
      }))}
    />
  );
}

export function StorePage() {
  return (
    <>
      <GalleryHeader />
      <StoreMain>
        <div className="stack stack--loose">
          <Hero
            title="What is good this week, from 14 farms within 20 km."
            lead="Order until Thursday 20:00: one basket, one payment. Collect on Saturday."
            actions={
              <LinkButton tone="light" size="large" href="/search">
                See what is ripe
              </LinkButton>
            }
            pictures={[
              "tomato",
              "ear-of-corn",
              "peach",
              "carrot",
              "leafy-green",
              "cheese-wedge",
              "strawberry",
              "honey-pot",
              "plum",
              "bread",
              "beetroot",
              "egg",
            ]}
          />
          <ProductShelf
            title="For you"
            layout="grid"
            more={{ href: "#", label: "Why these?" }}
            products={products.slice(0, 8)}
            eager
          />
          <SeasonBoard
            columns={[
              {
                kind: "now",
                title: "At its best now",
                items: [
                  { name: "Heirloom tomatoes", picture: "tomato", href: "#", when: "4 farms" },
                  { name: "Rainbow chard", picture: "leafy-green", href: "#", when: "2 farms" },
                  { name: "Blueberries", picture: "blueberries", href: "#", when: "3 farms" },
                ],
              },
              {
                kind: "coming",
                title: "Coming",
                items: [
                  { name: "Plums", picture: "plum", href: "#", when: "next week" },
                  { name: "Pears", picture: "pear", href: "#", when: "in 3 weeks" },
                  { name: "Pumpkins", picture: "pumpkin", href: "#", when: "September" },
                ],
              },
              {
                kind: "ending",
                title: "Ending",
                items: [
                  { name: "White peaches", picture: "peach", href: "#", when: "2 weeks left" },
                  { name: "Cherries", picture: "cherries", href: "#", when: "last boxes" },
                ],
              },
            ]}
          />
          <ProductShelf
            title="Trending near you"
            text="What your neighbours put in their baskets since yesterday."
            products={products.slice(4, 12)}
          />
          <ProductShelf title="New arrivals" products={[]} loading={4} />
          <ProductShelf
            title="Price drops"
            products={[]}
            empty={
              <EmptyState
                title="No price has dropped this week"
                picture="carrot"
                actions={<Button tone="secondary">Tell me when one does</Button>}
              >
                Keep something on your wishlist, and you hear of it first.
              </EmptyState>
            }
          />
        </div>
      </StoreMain>
      <StoreFooter
        about="Food from people you can meet, at the time it is good."
        columns={[
          {
            title: "Shop",
            links: ["In season", "Farms", "Markets"].map((label) => ({ href: `/f/${label}`, label })),
          },
          {
            title: "You",
            links: ["Orders", "Wishlist", "My data"].map((label) => ({ href: `/y/${label}`, label })),
          },
          {
            title: "For farms",
            links: ["Portal", "Sell here"].map((label) => ({ href: `/p/${label}`, label })),
          },
        ]}
        small="Almanac is open source under the MIT license. Food pictures: Fluent Emoji by Microsoft, MIT."
      />
    </>
  );
}
