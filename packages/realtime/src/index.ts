export { admitSocket, closeCodes } from "./doors/admission.ts";
export type { Admission, AdmissionOptions, SocketRequest } from "./doors/admission.ts";
export { createConnectionBook } from "./doors/connections.ts";
export type {
  ConnectionBook,
  ConnectionBookOptions,
  ConnectionFigures,
  LiveStats,
  OpenConnection,
  Transport,
} from "./doors/connections.ts";
export { channelsOf, parseChannel, shopperChannel, systemChannel, topicOf } from "./core/topics.ts";
export { giveDirectLine } from "./hub/direct-line.ts";
export { createLiveHub } from "./hub/hub.ts";
export type { LiveDelivery, LiveHub, LiveHubOptions } from "./hub/hub.ts";
export type { LivePresence } from "./hub/presence.ts";
export { liveConsumers, publishLive, publishLiveAll } from "./hub/publish.ts";
export { createLiveSockets, defaultSocketSettings, socketServerOptions } from "./sockets/sockets.ts";
export type { LiveSockets, LiveSocketsOptions } from "./sockets/sockets.ts";
export type { LiveSocket, SocketSettings } from "./sockets/live-socket.ts";
export type { LiveSink } from "./hub/outlet.ts";
export { createLiveEvents, eventStreamHeaders, pingStream, streamSink } from "./doors/sse.ts";
export type { EventStream, LiveEvents, LiveEventsOptions, LiveEventsRequest } from "./doors/sse.ts";
export {
  createTrpcSockets,
  defaultTrpcSocketSettings,
  trpcSocketServerOptions,
} from "./sockets/trpc-sockets.ts";
export type { TrpcSockets, TrpcSocketsOptions, TrpcSocketSettings } from "./sockets/trpc-sockets.ts";
export { removeOldLiveMessages, replayWindowMs } from "./store.ts";
export { issueTicket, redeemTicket, ticketLifeMs } from "./doors/tickets.ts";
export type { Ticket } from "./doors/tickets.ts";
export { defaultTopics, farmTopics, livePayloads, parseLiveMessage, simpleTopics } from "./messages.ts";
export type { LiveContent, LiveMessage, LiveMessageOf, LiveMessageType, SimpleTopic } from "./messages.ts";
export { createMonitorNews } from "./hub/monitor-news.ts";
export type { MonitorNews } from "./hub/monitor-news.ts";
