import { readdirSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  isPictureName,
  pictureFor,
  pictureNames,
  picturesFolder,
  pictureUrl,
  tintFor,
  tintForText,
} from "./index.ts";

describe("the picture of a product", () => {
  it.each([
    ["Heirloom tomato", "tomato"],
    ["Heirloom tomatoes", "tomato"],
    ["Basil bunch", "herb"],
    ["Purple basil", "herb"],
    ["Flat parsley", "herb"],
    ["Young mozzarella", "cheese-wedge"],
    ["Rainbow chard", "leafy-green"],
    ["Lacinato kale", "leafy-green"],
    ["Sweetcorn", "ear-of-corn"],
    ["Bunched carrots", "carrot"],
    ["Linden honey", "honey-pot"],
    ["White peaches", "peach"],
    ["Strawberries", "strawberry"],
    ["Eggs, pasture raised", "egg"],
    ["A dozen free-range eggs", "egg"],
    ["Duck eggs", "nest-with-eggs"],
    ["Asparagus", "asparagus"],
    ["Butternut squash", "butternut-squash"],
    ["Zucchini", "cucumber"],
    ["Courgettes", "cucumber"],
    ["Aubergine", "eggplant"],
    ["Sourdough loaf", "bread"],
    ["Crème fraîche", "glass-of-milk"],
    ["Goat’s milk soap", "soap"],
    ["Oat milk", "glass-of-milk"],
    ["Sweet potatoes", "roasted-sweet-potato"],
    ["Radishes", "radish"],
    ["Potatoes", "potato"],
    ["Grapes", "grapes"],
    ["FLUID MILK PRODUCTS", "glass-of-milk"],
    ["SOFT DRINKS", "cup-with-straw"],
  ])("%s is shown as %s", (name, picture) => {
    expect(pictureFor({ name })).toBe(picture);
  });

  it.each([
    ["Peach jam", "jar"],
    ["Apple pie", "pie"],
    ["Carrot cake", "birthday-cake"],
    ["Tomato soup", "pot-of-food"],
    ["Goat cheese", "cheese-wedge"],
    ["Ginger tea", "teapot"],
    ["Egg noodles", "spaghetti"],
  ])("%s is named by its last word, so it is shown as %s", (name, picture) => {
    expect(pictureFor({ name })).toBe(picture);
  });

  it("does not take a garnish for the food", () => {
    expect(pictureFor({ name: "Mozzarella with basil" })).toBe("cheese-wedge");
    expect(pictureFor({ name: "Olives in oil (chili)" })).toBe("olive");
  });

  it("falls back to the nearest of the category when the name says nothing", () => {
    expect(pictureFor({ name: "Grandma's mystery", category: "Root Vegetables" })).toBe("carrot");
    expect(pictureFor({ name: "Xyz", category: "Dairy & Eggs" })).toBe("egg");
    expect(pictureFor({ name: "Xyz", category: "MEAT-PCKGD" })).toBe("cut-of-meat");
  });

  it("is a basket when neither name nor category says anything", () => {
    expect(pictureFor({ name: "", category: null })).toBe("basket");
    expect(pictureFor({ name: "Zzz 123", category: "???" })).toBe("basket");
  });
});

describe("the pictures on disk", () => {
  it("has one small SVG file for every name, and no other", () => {
    const files = readdirSync(picturesFolder()).filter((file) => file.endsWith(".svg"));
    expect(files.sort()).toEqual(pictureNames.map((name) => `${name}.svg`).sort());
    const sizes = files.map((file) => statSync(new URL(file, picturesFolder())).size);
    expect(Math.max(...sizes)).toBeLessThan(41_000);
  });

  it("is served under one prefix", () => {
    expect(pictureUrl("tomato")).toBe("/pictures/tomato.svg");
    expect(isPictureName("tomato")).toBe(true);
    expect(isPictureName("toString")).toBe(false);
  });
});

describe("the tint of a card", () => {
  it("is a hue of the picture itself", () => {
    for (const name of pictureNames) {
      const { hue, strength } = tintFor(name);
      expect(hue).toBeGreaterThanOrEqual(0);
      expect(hue).toBeLessThan(360);
      expect(strength).toBeGreaterThan(0);
      expect(strength).toBeLessThanOrEqual(1);
    }
  });

  it("stays the same for the same text", () => {
    expect(tintForText("Hollow Oak")).toEqual(tintForText("Hollow Oak"));
  });
});
