import { isCalendarDay, isMonthDay } from "@almanac/catalog";
import { baseUnits, type ProductId } from "@almanac/kernel";
import { idInput, textInput } from "@almanac/trpc";
import { z } from "zod";
import { maxPlanWeeks } from "./planning.ts";

export const calendarDay = z
  .string()
  .refine(isCalendarDay, "must be a day of 2000 to 2199 such as 2025-08-16");
export const monthDay = z.string().refine(isMonthDay, "must be a month and a day such as 08-16");
export const productId = idInput<ProductId>();
export const cropName = textInput({ min: 1, max: 60 }).transform((crop) => crop.toLowerCase());

const whole = (min: number, max: number) => z.number().int().min(min).max(max);

export const cropInput = z
  .object({
    crop: cropName,
    daysToMaturity: whole(5, 400),
    daysInTrays: whole(0, 200),
    harvestDays: whole(1, 300),
    germinationPercent: z.number().min(1).max(100),
    spacingCm: z.number().min(0.5).max(500),
    rowsPerBed: whole(1, 30),
    yieldBasePerPlant: z.number().min(0.001).max(100_000),
    baseUnit: z.enum(baseUnits),
    outsideFromFrostDays: whole(-120, 120),
    lastHarvestFromFrostDays: whole(-120, 120),
  })
  .refine(({ daysInTrays, daysToMaturity }) => daysInTrays < daysToMaturity, {
    path: ["daysInTrays"],
    message: "must be fewer than the days to maturity",
  });

export const planInput = {
  productId,
  from: calendarDay,
  weeks: whole(1, maxPlanWeeks),
  share: z.number().min(0.05).max(0.95).default(0.5),
  baseAWeek: whole(0, 10_000_000).optional(),
};
