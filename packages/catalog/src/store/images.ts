import { and, eq, sql } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { imageFiles, images } from "@almanac/db/schema";
import type { FarmId } from "@almanac/kernel";
import type { ImageInfo } from "../core/things.ts";
import { isAnyOf } from "./sql.ts";

export interface StoredImage {
  readonly width: number;
  readonly height: number;
  readonly tint: string;
  readonly files: readonly { readonly width: number; readonly bytes: Uint8Array }[];
}

export async function insertImage(
  tx: Queryable,
  id: string,
  farmId: FarmId,
  image: StoredImage,
  at: Date,
): Promise<void> {
  const { width, height, tint, files } = image;
  await tx.insert(images).values({ id, farmId, width, height, tint, createdAt: at });
  await tx
    .insert(imageFiles)
    .values(files.map((file) => ({ imageId: id, width: file.width, bytes: file.bytes })));
}

/** The WebP file of one width; `undefined` where there is none of exactly that width. */
export async function findImageFile(
  db: Queryable,
  imageId: string,
  width: number,
): Promise<Uint8Array | undefined> {
  const [row] = await db
    .select({ bytes: imageFiles.bytes })
    .from(imageFiles)
    .where(and(eq(imageFiles.imageId, imageId), eq(imageFiles.width, width)));
  return row?.bytes;
}

/** Photos by id, without their bytes. */
export async function listImages(db: Queryable, ids: readonly string[]): Promise<Map<string, ImageInfo>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      id: images.id,
      width: images.width,
      height: images.height,
      tint: images.tint,
      widths: sql<number[]>`array_agg(${imageFiles.width} order by ${imageFiles.width})`,
    })
    .from(images)
    .innerJoin(imageFiles, eq(imageFiles.imageId, images.id))
    .where(isAnyOf(images.id, ids))
    .groupBy(images.id);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Whether the photo was uploaded for that farm. */
export async function isImageOfFarm(db: Queryable, imageId: string, farmId: FarmId): Promise<boolean> {
  const rows = await db
    .select({ id: images.id })
    .from(images)
    .where(and(eq(images.id, imageId), eq(images.farmId, farmId)));
  return rows.length > 0;
}

/** Drops a photo and its files. */
export async function deleteImage(tx: Queryable, imageId: string): Promise<void> {
  await tx.delete(images).where(eq(images.id, imageId));
}
