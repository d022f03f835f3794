import sharp from "sharp";
import { AppError } from "@almanac/kernel";
import { oklchOf } from "./core/tint.ts";
import type { StoredImage } from "./store/images.ts";

export const imageWidths = [160, 320, 640, 1280] as const;
export const maxPhotoBytes = 6 * 1024 * 1024;
export const maxPhotoPixels = 40_000_000;

/** What cameras and browsers write. Drawings (SVG) and documents are programs to be run, not photos. */
const photoFormats: readonly string[] = ["jpeg", "png", "webp", "heif", "gif"];

/**
 * A photo as the shop shows it: upright (its EXIF orientation applied), free of all metadata (a farm's photo tells where
 * it was taken), as WebP in the widths of `imageWidths` that are not larger than itself; a smaller photo also in its
 * own width. Of a moving picture the first frame.
 *
 * @param bytes at most 6 MB, at most 40 megapixels
 * @throws AppError `image_unreadable`
 */
export async function preparePhoto(bytes: Uint8Array): Promise<StoredImage> {
  if (bytes.byteLength === 0 || bytes.byteLength > maxPhotoBytes) {
    throw unreadable("A photo has at most 6 MB.");
  }
  const open = () => sharp(bytes, { limitInputPixels: maxPhotoPixels, failOn: "error" });
  try {
    const { format } = await open().metadata();
    if (!photoFormats.includes(format)) throw unreadable("A photo is a JPEG, PNG, WebP, AVIF or GIF file.");
    const upright = await open()
      .autoOrient()
      .resize({ width: imageWidths.at(-1), withoutEnlargement: true })
      .toColourspace("srgb")
      .png({ compressionLevel: 1 })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = upright.info;
    const files = [];
    for (const target of widthsFor(width)) {
      const file = await sharp(upright.data).resize({ width: target }).webp({ quality: 80 }).toBuffer();
      files.push({ width: target, bytes: new Uint8Array(file) });
    }
    return { width, height, tint: await tintOf(upright.data), files };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unreadable("The photo cannot be read.", error);
  }
}

/** @param width of the photo, at most that of the widest file */
function widthsFor(width: number): number[] {
  return [...imageWidths.filter((target) => target < width), width];
}

async function tintOf(bytes: Buffer): Promise<string> {
  const pixel = await sharp(bytes)
    .flatten({ background: "#ffffff" })
    .resize(1, 1, { fit: "fill", kernel: "linear" })
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer();
  return oklchOf(pixel[0] ?? 0, pixel[1] ?? 0, pixel[2] ?? 0);
}

function unreadable(message: string, cause?: unknown): AppError {
  return new AppError("image_unreadable", message, { cause });
}
