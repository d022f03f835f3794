import { procedure, router } from "@almanac/trpc";
import { cartRouter } from "./routes/cart.ts";
import type { OrdersDeps } from "./routes/deps.ts";
import { farmOrdersRouter, farmStockRouter } from "./routes/farm.ts";
import { marketOrdersRouter } from "./routes/market.ts";
import { checkoutRouter, ordersRouter } from "./routes/orders.ts";
import { ratingsRouter } from "./routes/ratings.ts";
import { checkBooks } from "./store/books.ts";

export type { OrdersDeps };

/** Everything from the cart to the books, by audience. */
export function ordersRoutes(deps: OrdersDeps) {
  return {
    cart: cartRouter(deps),
    checkout: checkoutRouter(deps),
    orders: ordersRouter(deps),
    ratings: ratingsRouter(deps),
    farmOrders: farmOrdersRouter(deps),
    farmStock: farmStockRouter(deps),
    marketOrders: marketOrdersRouter(),
    admin: {
      ledger: router({
        /** Whether the money and the stock ledger add up. */
        check: procedure("operate.read", { limit: "heavy" }).query(({ ctx }) => checkBooks(ctx.db)),
      }),
    },
  };
}
