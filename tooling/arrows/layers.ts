import type { Room } from "./workspace.ts";

/**
 * Orders packages so that each stands above all that it declares; those of a layer do not know each other.
 *
 * @returns names by layer, the lowest first
 * @throws Error that names the packages of a circle, if there is one
 */
export function layersOf(rooms: readonly Pick<Room, "name" | "declared">[]): string[][] {
  const heights = new Map<string, number>();
  const byName = new Map(rooms.map((room) => [room.name, room]));
  function heightOf(name: string, path: readonly string[]): number {
    if (path.includes(name)) throw new Error(`packages in a circle: ${[...path, name].join(" -> ")}`);
    const known = heights.get(name);
    if (known !== undefined) return known;
    const below = [...(byName.get(name)?.declared ?? [])].map((next) => heightOf(next, [...path, name]));
    const height = 1 + Math.max(-1, ...below);
    heights.set(name, height);
    return height;
  }
  const layers: string[][] = [];
  for (const { name } of rooms) (layers[heightOf(name, [])] ??= []).push(name);
  return layers.map((names) => names.toSorted());
}
