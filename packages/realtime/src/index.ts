export { admitSocket, closeCodes } from "./admission.ts";
export type { Admission, AdmissionOptions, SocketRequest } from "./admission.ts";
export { createConnectionBook } from "./connections.ts";
export type {
  ConnectionBook,
  ConnectionBookOptions,
  ConnectionFigures,
  LiveStats,
  OpenConnection,
  Transport,
} from "./connections.ts";
export { channelsOf, parseChannel, shopperChannel, systemChannel, topicOf } from "./core/topics.ts";
export { giveDirectLine } from "./direct-line.ts";
export { createLiveHub } from "./hub.ts";
export type { LiveDelivery, LiveHub, LiveHubOptions } from "./hub.ts";
export type { LivePresence } from "./presence.ts";
export { liveConsumers, publishLive, publishLiveAll } from "./publish.ts";
export { createLiveSockets, defaultSocketSettings, socketServerOptions } from "./sockets.ts";
export type { LiveSockets, LiveSocketsOptions } from "./sockets.ts";
export type { LiveSocket, SocketSettings } from "./live-socket.ts";
export type { LiveSink } from "./outlet.ts";
export { createLiveEvents, eventStreamHeaders, pingStream, streamSink } from "./sse.ts";
export type { EventStream, LiveEvents, LiveEventsOptions, LiveEventsRequest } from "./sse.ts";
export { createTrpcSockets, defaultTrpcSocketSettings, trpcSocketServerOptions } from "./trpc-sockets.ts";
export type { TrpcSockets, TrpcSocketsOptions, TrpcSocketSettings } from "./trpc-sockets.ts";
export { removeOldLiveMessages, replayWindowMs } from "./store.ts";
export { issueTicket, redeemTicket, ticketLifeMs } from "./tickets.ts";
export type { Ticket } from "./tickets.ts";
export { defaultTopics, farmTopics, livePayloads, parseLiveMessage, simpleTopics } from "./messages.ts";
export type { LiveContent, LiveMessage, LiveMessageOf, LiveMessageType, SimpleTopic } from "./messages.ts";
export { createMonitorNews } from "./monitor-news.ts";
export type { MonitorNews } from "./monitor-news.ts";
