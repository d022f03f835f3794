const textFrame = 0x81;
const compressedBit = 0x40;

/**
 * A whole text message as one unmasked WebSocket frame, as servers send it (RFC 6455 section 5.2).
 *
 * @param payload the message, or its deflated form without the final empty block when `isCompressed`
 */
export function socketFrame(payload: Buffer, { isCompressed }: { isCompressed: boolean }): Buffer {
  const { length } = payload;
  const headerBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame[0] = isCompressed ? textFrame | compressedBit : textFrame;
  if (headerBytes === 2) frame[1] = length;
  else if (headerBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  payload.copy(frame, headerBytes);
  return frame;
}

/**
 * Text as a stored block of a deflate stream: not compressed, and whole bytes before and after (RFC 1951 section 3.2.4).
 *
 * @param text at most 65,535 bytes
 */
export function storedBlock(text: string): Buffer {
  const bytes = Buffer.from(text);
  const block = Buffer.allocUnsafe(5 + bytes.length);
  block[0] = 0;
  block.writeUInt16LE(bytes.length, 1);
  block.writeUInt16LE(~bytes.length & 0xffff, 3);
  bytes.copy(block, 5);
  return block;
}
