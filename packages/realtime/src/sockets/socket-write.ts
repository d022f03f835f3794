import type { LiveSocket } from "./live-socket.ts";
import type { SharedSocketFrame } from "./frames.ts";

/**
 * What `ws` keeps to itself. A frame that is shared by many sockets is written past its sender, which would frame (and
 * compress) the message once more for each; a test on real sockets holds this against the version in use.
 */
interface SocketInside {
  readonly _socket?: { write(data: Uint8Array): boolean } | null;
  /** `_state` 0: nothing waits for compression, so that what is written now is not out of order. */
  readonly _sender?: { readonly _state: number };
  readonly _extensions?: Record<string, { params?: Record<string, unknown> } | undefined>;
}

/** Sends a frame; to what is no `ws` socket, or is busy compressing, by its own `send`. */
export function writeSharedFrame(socket: LiveSocket, frame: SharedSocketFrame): void {
  const inside = socket as SocketInside;
  const stream = inside._socket;
  if (!stream || inside._sender?._state !== 0) {
    socket.send(frame.text);
    return;
  }
  stream.write(frame.deflated && takesDeflated(inside) ? frame.deflated : frame.plain);
}

/** With context the compressed form would depend on what the socket was sent before; with a small window, on its size. */
function takesDeflated({ _extensions }: SocketInside): boolean {
  const params = _extensions?.["permessage-deflate"]?.params;
  if (!params) return false;
  return params["server_no_context_takeover"] === true && params["server_max_window_bits"] === undefined;
}
