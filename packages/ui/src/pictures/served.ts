import type { PictureName } from "./picture-tints.ts";

/** Where the server mounts the pictures. */
export const pictureUrlPrefix = "/pictures/";

/**
 * The folder with the SVG files, as a file URL, for the server that serves them under `pictureUrlPrefix`. The files
 * change only with a release, so they can be cached for a year.
 *
 * Only a server calls this: in a browser bundle the address would point to nothing.
 */
export function picturesFolder(): URL {
  const here = import.meta.url;
  return new URL("../../pictures/", here);
}

/** File name of a picture in `picturesFolder`. */
export function pictureFile(name: PictureName): string {
  return `${name}.svg`;
}

/** Address of a picture on the site: `/pictures/tomato.svg`. */
export function pictureUrl(name: PictureName): string {
  return `${pictureUrlPrefix}${pictureFile(name)}`;
}
