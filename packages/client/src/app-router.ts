/** The one place that names the server's router, and only as a type. The packed client has its expanded form here. */
export type { AppRouter } from "@almanac/api-router";
