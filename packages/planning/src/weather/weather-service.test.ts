import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dayNumber, weatherFrom } from "@almanac/forecasting";
import { minutes, seconds } from "@almanac/kernel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { weatherService, type WeatherServiceOptions } from "./weather-service.ts";

const place = { latitude: 41.5053, longitude: -73.9687 };
const today = dayNumber(2025, 8, 13);
const date = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

/** What Open-Meteo answers for the days asked for: wet on even days, as warm as the day of the month, nights 8 degrees colder. */
const good: Answer = (_, response, url) => {
  const from = Date.parse(url.searchParams.get("start_date")!) / 86_400_000;
  const to = Date.parse(url.searchParams.get("end_date")!) / 86_400_000;
  const days = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({
      latitude: place.latitude,
      daily_units: { precipitation_sum: "mm" },
      daily: {
        time: days.map(date),
        precipitation_sum: days.map((day) => (day % 2 === 0 ? 4.2 : 0)),
        temperature_2m_max: days.map((day) => Number(date(day).slice(8))),
        temperature_2m_min: days.map((day) => Number(date(day).slice(8)) - 8),
      },
    }),
  );
};

describe("weather over HTTP", () => {
  let server: Server;
  let base: string;
  let asked: URL[];
  let answer: Answer;
  let now: number;
  let failures: unknown[];

  beforeEach(async () => {
    asked = [];
    answer = good;
    failures = [];
    now = Date.parse("2025-08-13T13:00:00Z");
    server = createServer((request, response) => {
      const url = new URL(request.url!, base);
      asked.push(url);
      answer(request, response, url);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const service = (options: Partial<WeatherServiceOptions> = {}) =>
    weatherService({
      url: `${base}/v1/forecast`,
      archiveUrl: `${base}/v1/archive`,
      clock: { now: () => new Date(now) },
      onFailure: (cause) => failures.push(cause),
      ...options,
    });

  it("is read of past years from the archive and of the days around today from the forecast", async () => {
    const found = await service().read(place, today - 800, today + 10);
    expect(found).toHaveLength(811);
    expect(found.find(({ day }) => day === today + 3)).toEqual({
      day: today + 3,
      rainMm: 4.2,
      temperatureC: 16,
      lowestC: 8,
    });
    expect(
      asked.map(({ pathname, searchParams }) => [
        pathname,
        searchParams.get("start_date"),
        searchParams.get("end_date"),
      ]),
    ).toEqual(
      expect.arrayContaining([
        ["/v1/archive", date(today - 800), date(today - 7)],
        ["/v1/forecast", date(today - 80), date(today + 10)],
      ]),
    );
    // A hundredth of a degree is enough for the weather.
    expect(asked[0]!.searchParams.get("latitude")).toBe("41.51");
  });

  it("serves the rest where a service does not tell how cold it was", async () => {
    answer = (_, response) =>
      void response.end(
        `{"daily":{"time":["${date(today)}"],"precipitation_sum":[1],"temperature_2m_max":[20]}}`,
      );
    expect(await service({ archiveUrl: undefined }).read(place, today, today)).toEqual([
      { day: today, rainMm: 1, temperatureC: 20 },
    ]);
    expect(failures).toEqual([]);
  });

  it("is asked for once an hour, also by two at once", async () => {
    const source = service();
    await Promise.all([source.read(place, today - 5, today + 5), source.read(place, today - 5, today + 5)]);
    await source.read(place, today - 5, today + 5);
    expect(asked).toHaveLength(1);
    now += minutes(61);
    await source.read(place, today - 5, today + 5);
    expect(asked).toHaveLength(2);
  });

  const misbehaving: readonly (readonly [string, Answer])[] = [
    ["an error", (_, response) => response.writeHead(500).end("no")],
    ["garbage", (_, response) => response.end("<html>captive portal</html>")],
    ["JSON of another shape", (_, response) => response.end('{"daily":{"time":["2025-08-13"]}}')],
    [
      "columns of different lengths",
      (_, response) =>
        response.end('{"daily":{"time":["2025-08-13"],"precipitation_sum":[],"temperature_2m_max":[20]}}'),
    ],
    [
      "rain below zero",
      (_, response) =>
        response.end('{"daily":{"time":["2025-08-13"],"precipitation_sum":[-3],"temperature_2m_max":[20]}}'),
    ],
    ["nothing at all", (request) => request.socket.destroy()],
    ["a redirect", (_, response) => response.writeHead(302, { location: "http://127.0.0.1:9/" }).end()],
    [
      "more than it may",
      (_, response) => {
        response.write("[");
        const chunk = `${" ".repeat(60_000)}`;
        const more = () => {
          while (!response.destroyed && response.write(chunk));
          if (!response.destroyed) response.once("drain", more);
        };
        more();
      },
    ],
    ["half an answer and then nothing", (_, response) => void response.write('{"daily":')],
    ["nothing in time", () => undefined],
  ];

  it.each(misbehaving)("is left to the climate where the service answers with %s", async (_, bad) => {
    answer = bad;
    const source = service({ timeoutMs: 300, mostBytes: 200_000 });
    const causes: unknown[] = [];
    const columns = await weatherFrom({
      source,
      place,
      firstPeriod: today - 5,
      length: 10,
      onFailure: (cause) => causes.push(cause),
    });
    expect(columns!.basis).toEqual(Array.from({ length: 10 }, () => "usual"));
    expect(causes).toHaveLength(1);
    expect(failures).toHaveLength(1);
  });

  it("is not waited for again for five minutes after a failure, and then is", async () => {
    answer = (_, response) => response.writeHead(503).end();
    const source = service();
    await expect(source.read(place, today, today + 2)).rejects.toThrow("answered 503");
    await expect(source.read(place, today, today + 2)).rejects.toThrow("answered 503");
    expect(asked).toHaveLength(1);
    answer = good;
    now += minutes(5) + seconds(1);
    expect(await source.read(place, today, today + 2)).toHaveLength(3);
  });

  it("takes the archive's word where the forecast has a gap", async () => {
    answer = (request, response, url) =>
      url.pathname === "/v1/archive"
        ? good(request, response, url)
        : response.end(
            `{"daily":{"time":["${date(today - 20)}"],"precipitation_sum":[null],"temperature_2m_max":[null]}}`,
          );
    const found = await service().read(place, today - 20, today);
    expect(found.find(({ day }) => day === today - 20)!.rainMm).toBe(0);
  });

  it("does without the archive where none is named", async () => {
    const { archiveUrl: _, ...rest } = { url: `${base}/v1/forecast`, archiveUrl: "" };
    const source = weatherService({ ...rest, clock: { now: () => new Date(now) } });
    expect(await source.read(place, today - 800, today)).toHaveLength(81);
    expect(await source.read(place, today - 800, today - 100)).toEqual([]);
  });
});
