import { data } from "@remix-run/node";

/** Every address that is no page: a 404 in the shop's frame. */
export const loader = () => {
  throw data(undefined, { status: 404 });
};

export default function Nothing() {
  return null;
}
