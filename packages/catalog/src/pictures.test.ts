import sharp from "sharp";
import { isAppError } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { maxPhotoBytes, preparePhoto } from "./pictures.ts";

const unreadable = expect.toSatisfy((error) => isAppError(error, "image_unreadable"));
const plain = (width: number, height: number, background = "#c03020") =>
  sharp({ create: { width, height, channels: 3, background } });

describe("preparing a photo", () => {
  it("makes WebP files of the widths that it is large enough for", async () => {
    const photo = await preparePhoto(await plain(900, 600).jpeg().toBuffer());
    expect(photo.files.map((file) => file.width)).toEqual([160, 320, 640, 900]);
    expect([photo.width, photo.height]).toEqual([900, 600]);
    for (const file of photo.files) {
      expect(await sharp(file.bytes).metadata()).toMatchObject({ format: "webp", width: file.width });
    }
  });

  it("never serves more than 1280 pixels", async () => {
    const photo = await preparePhoto(await plain(3000, 1500).jpeg().toBuffer());
    expect(photo.files.map((file) => file.width)).toEqual([160, 320, 640, 1280]);
    expect([photo.width, photo.height]).toEqual([1280, 640]);
  });

  it("keeps a tiny photo in its own width", async () => {
    const photo = await preparePhoto(await plain(3, 5).png().toBuffer());
    expect(photo.files.map((file) => file.width)).toEqual([3]);
  });

  it("turns it upright by its EXIF orientation, then drops all metadata", async () => {
    const sideways = await plain(200, 100)
      .withExif({ IFD0: { Artist: "Tomas" }, IFD3: { GPSLatitude: "41/1 42/1 0/1" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const photo = await preparePhoto(sideways);
    expect([photo.width, photo.height]).toEqual([100, 200]);
    const served = await sharp(photo.files[0]!.bytes).metadata();
    expect(served.orientation).toBeUndefined();
    expect(served.exif).toBeUndefined();
  });

  it("knows its mean colour", async () => {
    const { tint } = await preparePhoto(await plain(40, 40, "#ff0000").png().toBuffer());
    expect(tint).toBe("oklch(0.628 0.258 29.2)");
  });

  it("refuses what is no photo", async () => {
    await expect(preparePhoto(Buffer.from("hello"))).rejects.toEqual(unreadable);
    await expect(preparePhoto(new Uint8Array())).rejects.toEqual(unreadable);
  });

  it("refuses a drawing, which may name other files", async () => {
    const svg = Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>`,
    );
    await expect(preparePhoto(svg)).rejects.toEqual(unreadable);
  });

  it("refuses a photo that was cut off", async () => {
    const whole = await plain(400, 400).jpeg().toBuffer();
    await expect(preparePhoto(whole.subarray(0, whole.length / 2))).rejects.toEqual(unreadable);
  });

  it("refuses more than 6 MB, unread", async () => {
    await expect(preparePhoto(new Uint8Array(maxPhotoBytes + 1))).rejects.toEqual(unreadable);
  });

  it("refuses more than 40 megapixels, however small the file", async () => {
    const bomb = await plain(8000, 5001, "#ffffff").png({ compressionLevel: 9 }).toBuffer();
    expect(bomb.byteLength).toBeLessThan(maxPhotoBytes);
    await expect(preparePhoto(bomb)).rejects.toEqual(unreadable);
  });
});
