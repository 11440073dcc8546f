// A client of /collab that a test can disturb: real Yjs and y-protocols over a WebSocket, with the queue in our hands.
import WebSocket from 'ws';
import * as Y from 'yjs';
import * as encoding from 'lib0/encoding';
import * as decoding from 'lib0/decoding';
import * as sync from 'y-protocols/sync';

const SYNC = 0;
const AWARENESS = 1;
const DURABLE = 64;
const ABOUT = 65;

export class CollabClient {
  /** `url`: ws://…/collab/<room>. Options: headers, protocols, doc, and `tls` for what Node's TLS takes. */
  constructor(url, { headers = {}, protocols = ['cluse.ack.1'], doc = new Y.Doc(), tls = {} } = {}) {
    this.url = url;
    this.tls = tls;
    this.headers = headers;
    this.protocols = protocols;
    this.doc = doc;
    this.sent = 0; // step 2 and update messages on this connection
    this.durable = 0;
    this.received = [];
    this.about = null;
    this.waiters = [];
    this.outgoing = null; // a list while the test holds messages back
    this.doc.on('update', (update, origin) => {
      if (origin !== this) this.sendUpdate(update);
    });
  }

  async open() {
    this.synced = false;
    this.sent = 0;
    this.durable = 0;
    this.closed = null;
    this.socket = new WebSocket(this.url, this.protocols, { headers: this.headers, ...this.tls });
    this.socket.binaryType = 'nodebuffer';
    this.socket.on('message', (bytes) => this.onMessage(new Uint8Array(bytes)));
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.wake();
    });
    await new Promise((accept, refuse) => {
      this.socket.once('open', accept);
      this.socket.once('error', refuse);
    });
    this.socket.on('error', () => {});
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, SYNC);
    sync.writeSyncStep1(encoder, this.doc);
    this.raw(encoding.toUint8Array(encoder));
    return this;
  }

  raw(bytes) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(bytes);
  }

  sendUpdate(update, type = 2) {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, SYNC);
    encoding.writeVarUint(encoder, type);
    encoding.writeVarUint8Array(encoder, update);
    const message = encoding.toUint8Array(encoder);
    if (this.outgoing && type === 2) {
      this.outgoing.push(message);
    } else if (this.socket?.readyState === WebSocket.OPEN) {
      this.sent += 1;
      this.raw(message);
    }
  }

  /** From now on updates wait in a list. */
  hold() {
    this.outgoing ??= [];
  }

  /** Sends what was held, in the order that `arrange` makes of it (it may repeat messages). */
  release(arrange = (list) => list) {
    const list = arrange(this.outgoing ?? []);
    this.outgoing = null;
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    for (const message of list) {
      this.sent += 1;
      this.raw(message);
    }
  }

  onMessage(bytes) {
    const decoder = decoding.createDecoder(bytes);
    const type = decoding.readVarUint(decoder);
    if (type === SYNC) {
      const sub = decoding.readVarUint(decoder);
      const payload = decoding.readVarUint8Array(decoder);
      if (sub === 0) {
        this.serverStateVector = payload;
        this.sendUpdate(Y.encodeStateAsUpdate(this.doc, payload), 1);
      } else {
        this.received.push(payload);
        Y.applyUpdate(this.doc, payload, this);
        if (sub === 1) this.synced = true;
      }
    } else if (type === AWARENESS) {
      this.awareness = decoding.readVarUint8Array(decoder);
    } else if (type === DURABLE) {
      this.durable = decoding.readVarUint(decoder);
    } else if (type === ABOUT) {
      this.about = JSON.parse(decoding.readVarString(decoder));
    }
    this.wake();
  }

  wake() {
    for (const waiter of [...this.waiters]) waiter();
  }

  /** Resolves as soon as `condition()` holds; checked after every message. */
  async until(condition, what = String(condition), timeoutMs = 15000) {
    if (condition()) return;
    await new Promise((accept, refuse) => {
      const timer = setTimeout(() => {
        this.waiters.splice(this.waiters.indexOf(check), 1);
        refuse(new Error(`timed out waiting until ${what}`));
      }, timeoutMs);
      const check = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.waiters.splice(this.waiters.indexOf(check), 1);
        accept();
      };
      this.waiters.push(check);
    });
  }

  async saved() {
    await this.until(() => this.closed || (this.synced && this.durable === this.sent), 'everything sent is durable');
    if (this.closed) throw new Error(`closed with ${this.closed.code} ${this.closed.reason}`);
  }

  async close() {
    if (!this.socket || this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.close();
    await this.until(() => this.closed, 'the connection is closed');
  }

  /** Gone without a goodbye, as when the network is cut. */
  async cut() {
    this.socket.terminate();
    await this.until(() => this.closed, 'the connection is cut');
  }
}

/**
 * Equal for documents that hold the same. A live document may encode the same state in other bytes (its undo manager keeps
 * deleted content, runs may be split otherwise): loading it afresh brings it into one form.
 */
export function canonical(doc) {
  const fresh = new Y.Doc();
  Y.applyUpdate(fresh, Y.encodeStateAsUpdate(doc));
  const again = new Y.Doc();
  Y.applyUpdate(again, Y.encodeStateAsUpdate(fresh));
  return Buffer.from(Y.encodeStateAsUpdate(again)).toString('hex');
}
