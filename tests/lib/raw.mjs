// Octets by hand, for what no honest HTTP or WebSocket client would send.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';

/** A TCP connection to the server; `text` is what it has said (latin1), `ended` resolves when it is over. */
export async function rawConnection(server) {
  const socket = connect(server.port, '127.0.0.1');
  socket.setNoDelay(true);
  socket.received = [];
  socket.on('data', (bytes) => socket.received.push(bytes));
  socket.on('error', () => {});
  socket.ended = new Promise((accept) => socket.once('close', accept));
  Object.defineProperty(socket, 'text', { get: () => Buffer.concat(socket.received).toString('latin1') });
  await once(socket, 'connect');
  return socket;
}

/** Sends all of it and answers what came back until the server closed. */
export async function rawExchange(server, octets) {
  const socket = await rawConnection(server);
  socket.write(octets);
  await socket.ended;
  return socket.text;
}

/** A WebSocket whose frames are made by hand. `frames()` is what the server sent, as [opcode, payload]. */
export async function rawSocket(server, path) {
  const socket = await rawConnection(server);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`);
  while (!socket.text.includes('\r\n\r\n')) await once(socket, 'data');
  if (!socket.text.startsWith('HTTP/1.1 101 ')) throw new Error(socket.text);
  socket.frames = () => {
    const all = Buffer.concat(socket.received);
    return parseFrames(all.subarray(all.indexOf('\r\n\r\n') + 4));
  };
  /** The code of the close frame, once the connection is over; null if it was cut without one. Needs no answer to it. */
  socket.closeCode = async () => {
    let over = false;
    socket.ended.then(() => (over = true));
    const closing = () => socket.frames().find(([opcode]) => opcode === 8);
    while (!over && !closing()) await Promise.race([once(socket, 'data').catch(() => {}), socket.ended]);
    socket.end();
    await socket.ended;
    const close = closing();
    return close ? (close[1].length >= 2 ? close[1].readUInt16BE(0) : 1005) : null;
  };
  return socket;
}

function parseFrames(bytes) {
  const list = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    let size = bytes[at + 1] & 0x7f;
    let head = 2;
    if (size === 126) [size, head] = [bytes.readUInt16BE(at + 2), 4];
    else if (size === 127) [size, head] = [Number(bytes.readBigUInt64BE(at + 2)), 10];
    if (at + head + size > bytes.length) break;
    list.push([bytes[at] & 0x0f, bytes.subarray(at + head, at + head + size)]);
    at += head + size;
  }
  return list;
}

/** One frame. `first` is its first octet: 0x82 a whole binary message, 0x02 the start of one, 0x00 more of it, 0x80 its end. */
export function frame(first, payload, { masked = true, size = BigInt(payload.length) } = {}) {
  const length = Number(size);
  const head = [Buffer.from([first])];
  const bit = masked ? 0x80 : 0;
  if (length < 126) head.push(Buffer.from([bit | length]));
  else if (length <= 0xffff) head.push(Buffer.from([bit | 126, length >> 8, length & 0xff]));
  else {
    const wide = Buffer.alloc(9);
    wide[0] = bit | 127;
    wide.writeBigUInt64BE(size, 1);
    head.push(wide);
  }
  // A mask of zeros changes nothing and is as good as any.
  return Buffer.concat([...head, ...(masked ? [Buffer.alloc(4)] : []), Buffer.from(payload)]);
}
