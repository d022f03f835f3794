import { and, eq, lt, sql } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { farms, imageFiles, images, products } from "@almanac/db/schema";
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

/**
 * Drops photos that nothing shows any more.
 *
 * @param olderThan uploaded before; leaves those that an open page may still name
 * @returns how many
 */
export async function deleteUnusedImages(tx: Queryable, olderThan: Date): Promise<number> {
  const dropped = await tx
    .delete(images)
    .where(
      and(
        lt(images.createdAt, olderThan),
        sql`not exists (select 1 from ${products} where ${products.imageId} = ${images.id})`,
        sql`not exists (select 1 from ${farms} where ${farms.imageId} = ${images.id})`,
      ),
    )
    .returning({ id: images.id });
  return dropped.length;
}
