import { constants, deflateRawSync } from "node:zlib";
import { socketFrame, storedBlock } from "../core/socket-frame.ts";

/** A message of fewer bytes costs more to compress than to send (RT-12). */
export const compressFromBytes = 1_024;

/**
 * The header of the empty stored block that a receiver completes with `00 00 ff ff` (RFC 7692 section 7.2.3.6). Without it
 * the receiver's bytes are read as the beginning of another block; Chromium carries that into the next message.
 */
const emptyBlockHeader = Buffer.of(0);

/** One message as one WebSocket frame, header and all, to be written to any number of connections. */
export interface SharedSocketFrame {
  readonly text: string;
  readonly plain: Buffer;
  /** For connections that agreed on permessage-deflate without context; absent for small messages. */
  readonly deflated: Buffer | undefined;
}

/**
 * The bytes of one message for every kind of reader, each made once and only if somebody needs it. What differs between
 * readers of the same kind is the few bytes around the message, so they share its compressed form too.
 */
export class SharedFrames {
  readonly #seq: number;
  readonly #text: string;
  readonly byteLength: number;
  #sse: Buffer | undefined;
  #body: Buffer | undefined;
  #plain: SharedSocketFrame | undefined;
  #byRequest: Map<string, SharedSocketFrame> | undefined;

  /** @param text the message as JSON */
  constructor(seq: number, text: string) {
    this.#seq = seq;
    this.#text = text;
    this.byteLength = Buffer.byteLength(text);
  }

  /** As a server-sent event, for `/api/realtime/events` and tRPC's `httpSubscriptionLink` alike. */
  sse(): Buffer {
    return (this.#sse ??= Buffer.from(`id: ${this.#seq}\ndata: ${this.#text}\n\n`));
  }

  /** As a frame of `/ws/recommendations`. */
  plainSocket(): SharedSocketFrame {
    return (this.#plain ??= this.#frame("", ""));
  }

  /**
   * As the answer to a tRPC subscription over WebSocket, as `wsLink` reads it.
   *
   * @param request the fields of the answer that repeat the request: `"id":7`. Clients count their requests from 1, so
   *   that there are few different ones.
   */
  trpcSocket(request: string): SharedSocketFrame {
    this.#byRequest ??= new Map();
    const known = this.#byRequest.get(request);
    if (known) return known;
    const id = String(this.#seq);
    const made = this.#frame(
      `{${request},"result":{"type":"data","id":"${id}","data":{"id":"${id}","data":`,
      "}}}",
    );
    this.#byRequest.set(request, made);
    return made;
  }

  #frame(before: string, after: string): SharedSocketFrame {
    const text = before + this.#text + after;
    const payload = Buffer.from(text);
    const isSmall = payload.length <= compressFromBytes;
    return {
      text,
      plain: socketFrame(payload, { isCompressed: false }),
      deflated: isSmall ? undefined : this.#deflated(before, after),
    };
  }

  /**
   * Pieces of a deflate stream that end on a byte can be joined: what surrounds the message goes in as it is, around the
   * message that was compressed once (RFC 1951 section 3.2.4, RFC 7692 section 7.2.1).
   */
  #deflated(before: string, after: string): Buffer {
    // A flush ends with an empty stored block, which stays inside and is left out at the end of the frame.
    this.#body ??= deflateRawSync(this.#text, { finishFlush: constants.Z_SYNC_FLUSH });
    const payload =
      before === "" && after === ""
        ? this.#body.subarray(0, this.#body.length - 4)
        : Buffer.concat([storedBlock(before), this.#body, storedBlock(after), emptyBlockHeader]);
    return socketFrame(payload, { isCompressed: true });
  }
}
