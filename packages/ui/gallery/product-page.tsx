import {
  Badge,
  Breadcrumbs,
  Button,
  Card,
  FarmMark,
  HarvestCalendar,
  Notice,
  Picture,
  Price,
  ProductRow,
  ProductShelf,
  QuantityStepper,
  RatingStars,
  ReasonBadge,
  SeasonFigure,
  SlotPicker,
  Stepper,
  StoreMain,
  Timeline,
  Totals,
  WishButton,
} from "../src/index.ts";
import { products, yearOf } from "./examples.tsx";
import { GalleryHeader } from "./store-page.tsx";

export function ProductPage() {
  return (
    <>
      <GalleryHeader />
      <StoreMain>
        <Breadcrumbs
          items={[
            { label: "Home", href: "/" },
            { label: "Vegetables", href: "/v" },
            { label: "Heirloom tomatoes" },
          ]}
        />
        <div className="stack stack--loose">
          <div className="beside beside--even">
            <Picture name="tomato" alt="Heirloom tomatoes" shape="page" eager />
            <div className="stack">
              <div className="cluster">
                {products[0]?.reason && <ReasonBadge reason={products[0].reason} about="Heirloom tomatoes" />}
                <Badge icon="leaf">Organic</Badge>
              </div>
              <h1>Heirloom tomatoes</h1>
              <div className="cluster">
                <FarmMark name="Hollow Oak" />
                <a href="/farms/hollow-oak">Hollow Oak Farm</a>
                <RatingStars value={4.6} count={38} />
              </div>
              <Price cents={490} unit="/kg" size="large" />
              <p className="soft">
                Ripe on the vine, picked on Friday evening. Weighed at the stall: about 0.75 kg each.
              </p>
              <div className="cluster">
                <QuantityStepper label="Heirloom tomatoes" value={2} min={1} max={9} />
                <Button size="large" icon="basket">
                  Add to basket
                </Button>
                <WishButton productName="Heirloom tomatoes" wished={false} />
              </div>
              <Card look="sunken" title="Its year">
                <SeasonFigure year={yearOf("......sPPs..")} month={8} />
              </Card>
            </div>
          </div>
          <ProductShelf title="Goes well with" products={products.slice(1, 5)} />
          <HarvestCalendar
            caption="Hollow Oak Farm through the year"
            month={8}
            rows={[
              { name: "Heirloom tomatoes", picture: "tomato", year: yearOf("......sPPs..") },
              { name: "Sweetcorn", picture: "ear-of-corn", year: yearOf(".......sPs.."), href: "#" },
              { name: "Leeks", picture: "leek", year: yearOf("PPs......sPP") },
              { name: "Asparagus", picture: "asparagus", year: yearOf("...sPs......") },
            ]}
          />
          <Stepper
            label="Checkout"
            current={1}
            steps={[{ label: "Basket", href: "#" }, { label: "Pickup" }, { label: "Payment" }]}
          />
          <div className="beside">
            <div className="stack">
              <SlotPicker
                legend="When will you come?"
                name="slot"
                defaultValue="2"
                slots={[
                  { id: "1", time: "8:00", capacity: 40, left: 22 },
                  { id: "2", time: "9:00", capacity: 40, left: 31 },
                  { id: "3", time: "10:00", capacity: 40, left: 4 },
                  { id: "4", time: "11:00", capacity: 40, left: 1 },
                  { id: "5", time: "12:00", capacity: 40, left: 0 },
                ]}
              />
              <Card title="Your basket">
                {products.slice(0, 3).map((product) => (
                  <ProductRow
                    key={product.id}
                    href={product.href}
                    name={product.name}
                    picture={product.picture}
                    detail={product.farmName}
                    end={<Price cents={product.price.cents * 2} />}
                    controls={
                      <>
                        <QuantityStepper label={product.name} value={2} min={0} />
                        <Button tone="quiet" size="small" icon="trash">
                          Remove
                        </Button>
                      </>
                    }
                  />
                ))}
              </Card>
            </div>
            <div className="stack beside__sticky">
              <Card title="To pay">
                <Totals
                  items={[
                    { term: "Hollow Oak Farm", value: "7.35", note: "estimated, weighed at the stall" },
                    { term: "Fern Bank", value: "2.50" },
                    { term: "Whey Street", value: "6.00" },
                    { term: "Together", value: "15.85", sum: true },
                  ]}
                />
              </Card>
              <Notice tone="calm" title="Held until you collect: 16.96">
                Tomatoes are weighed, so a little more is held and only what you take is charged.
              </Notice>
              <Button wide size="large">
                Pay 15.85
              </Button>
              <Card title="Order 1042" headingLevel={3}>
                <Timeline
                  label="The order's way"
                  items={[
                    { title: "Placed", detail: "Wednesday 21:40", state: "done" },
                    { title: "Packed", detail: "Friday evening", state: "current" },
                    { title: "Collect at stall 4", detail: "Saturday 11:00", state: "upcoming" },
                  ]}
                />
              </Card>
            </div>
          </div>
        </div>
      </StoreMain>
    </>
  );
}
