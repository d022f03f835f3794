import { notFound } from "../server/request/person.ts";

export function loader(): never {
  throw notFound("The page may have moved, or it belongs to somebody else.");
}

export default function Nowhere() {
  return null;
}
