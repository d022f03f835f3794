export interface GeoPoint {
  /** Degrees, -90 to 90, positive north. */
  readonly latitude: number;
  /** Degrees, -180 to 180, positive east. */
  readonly longitude: number;
}

const earthRadiusKm = 6371.0088;

/** Great-circle distance in kilometres (haversine; within 0.6 % of the ellipsoid). */
export function distanceKm(from: GeoPoint, to: GeoPoint): number {
  const radians = Math.PI / 180;
  const latitudeDelta = (to.latitude - from.latitude) * radians;
  const longitudeDelta = (to.longitude - from.longitude) * radians;
  const h =
    Math.sin(latitudeDelta / 2) ** 2 +
    Math.cos(from.latitude * radians) * Math.cos(to.latitude * radians) * Math.sin(longitudeDelta / 2) ** 2;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(h)));
}
