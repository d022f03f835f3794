export { pictureFor } from "./picture-for.ts";
export type { Pictured } from "./picture-for.ts";
export { isPictureName, pictureNames } from "./picture-tints.ts";
export type { PictureName } from "./picture-tints.ts";
export { pictureFile, pictureUrl, pictureUrlPrefix, picturesFolder } from "./served.ts";
export { tintFor, tintForText } from "./tint.ts";
export type { Tint } from "./tint.ts";
