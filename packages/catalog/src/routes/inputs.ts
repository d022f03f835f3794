import type { FarmId, MarketId, OrderWindowId, PickupSlotId, ProductId, VariantId } from "@almanac/kernel";
import { idInput, textInput } from "@almanac/trpc";
import { z } from "zod";
import { isCalendarDay, isMonthDay, isTimeZone, isWallTime } from "../core/calendar.ts";
import { harvestKinds } from "../core/harvest.ts";
import { maxBaseQuantity, maxPriceCents } from "../core/prices.ts";
import { slugMaxLength } from "../core/slugs.ts";

export const farmId = idInput<FarmId>();
export const marketId = idInput<MarketId>();
export const productId = idInput<ProductId>();
export const variantId = idInput<VariantId>();
export const windowId = idInput<OrderWindowId>();
export const slotId = idInput<PickupSlotId>();

/** Any text that could be an address; what names nothing is not found rather than invalid. */
export const slug = z
  .string()
  .min(1)
  .max(slugMaxLength * 2)
  .regex(/^\P{Cc}+$/u, "must not hold control characters");

export const nameInput = textInput({ min: 1, max: 120 });
export const longText = textInput({ max: 4_000 });
export const shortText = textInput({ max: 200 });

export const latitude = z.number().min(-90).max(90);
export const longitude = z.number().min(-180).max(180);

export const calendarDay = z.string().refine(isCalendarDay, "must be a day such as 2025-08-16");
export const monthDay = z.string().refine(isMonthDay, "must be a month and a day such as 08-16");
export const wallTimeInput = z.string().refine(isWallTime, "must be a time such as 08:00");
export const timeZoneInput = z
  .string()
  .min(1)
  .max(60)
  .refine(isTimeZone, "must be a time zone such as Europe/Paris");

export const priceCents = z.number().int().min(0).max(maxPriceCents);
export const baseQuantity = z.number().int().min(1).max(maxBaseQuantity);
export const capacity = z.number().int().min(0).max(10_000);

/** The name of a picture of the product's own set, "leafy-green". */
export const pictureInput = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "must be a picture's name")
  .max(60);

/** What grows, in the singular and lower case: "tomato". */
export const cropInput = textInput({ max: 60 }).transform((crop) => crop.toLowerCase());

export const harvestInput = z.object({
  kind: z.enum(harvestKinds),
  windows: z
    .array(z.object({ firstDay: monthDay, peakStart: monthDay, peakEnd: monthDay, lastDay: monthDay }))
    .max(4),
});

/** A photo of at most 6 MB, as base64. */
export const photoInput = z
  .string()
  .min(4)
  .max(Math.ceil((6 * 1024 * 1024) / 3) * 4)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, "must be base64");
