import { notFound } from "../server/person.ts";

export function loader(): never {
  throw notFound("The page may have moved, or it belongs to somebody else.");
}

export default function Nowhere() {
  return null;
}
