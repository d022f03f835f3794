import { expect, it } from "vitest";
import { deviceOf } from "./device.ts";

const view = (isTouched: boolean, width: number, height: number) =>
  ({ matchMedia: () => ({ matches: isTouched }), screen: { width, height } }) as unknown as Window;

it("tells phones, tablets and computers apart, whichever way they are held", () => {
  expect(deviceOf(view(true, 390, 844))).toBe("phone");
  expect(deviceOf(view(true, 844, 390))).toBe("phone");
  expect(deviceOf(view(true, 1180, 820))).toBe("tablet");
  expect(deviceOf(view(false, 1280, 800))).toBe("computer");
});
