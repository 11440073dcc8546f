// A collaboration server for tests: real WebSockets, real Yjs, and strings to pull (hold acknowledgements, refuse,
// cut). It speaks the wire of docs/api.md and nothing else.
import type { AddressInfo } from 'node:net';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { WebSocketServer, type WebSocket } from 'ws';
import * as wire from '../wire';

interface Member {
  socket: WebSocket;
  counted: number;
}

export class FakeServer {
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  readonly members = new Set<Member>();
  connections = 0;
  /** Answer with a close code instead of opening. */
  refuseWith: number | null = null;
  /** Acknowledge as soon as a message is applied; without it, only when `acknowledge` is called. */
  autoAcknowledge = true;
  /** The disk is full: nothing that is sent is kept, and whoever sends is closed with 1013. */
  full = false;
  about: wire.About = { title: 'Note', language: 'fr', role: 'editor', trashed: false };
  private server: WebSocketServer | null = null;
  private port = 0;

  async start(): Promise<void> {
    this.server = new WebSocketServer({
      host: '127.0.0.1',
      port: this.port,
      handleProtocols: (offered) => (offered.has(wire.kSubprotocol) ? wire.kSubprotocol : false),
    });
    this.server.on('connection', (socket) => this.join(socket));
    await new Promise<void>((resolve) => this.server?.once('listening', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** The port stays the same, so that `start` is a restart. */
  async stop(): Promise<void> {
    const server = this.server;
    this.server = null;
    if (!server) return;
    for (const { socket } of this.members) socket.terminate();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async end(): Promise<void> {
    await this.stop();
    this.awareness.destroy();
    this.doc.destroy();
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/collab/document`;
  }

  get text(): string {
    return this.doc.getText('t').toString();
  }

  /** Counted messages (sync step 2 and updates) received on the connections of now. */
  get counted(): number {
    return [...this.members].reduce((sum, member) => sum + member.counted, 0);
  }

  acknowledge(count?: number): void {
    for (const member of this.members) this.send(member, wire.encodeDurable(count ?? member.counted));
  }

  closeAll(code: number): void {
    for (const { socket } of this.members) socket.close(code);
  }

  tellAbout(about: Partial<wire.About>): void {
    this.about = { ...this.about, ...about };
    for (const member of this.members) this.send(member, wire.encodeAbout(this.about));
  }

  sendBytes(bytes: Uint8Array): void {
    for (const member of this.members) this.send(member, bytes);
  }

  private join(socket: WebSocket): void {
    this.connections += 1;
    if (this.refuseWith !== null) {
      socket.close(this.refuseWith);
      return;
    }
    const member: Member = { socket, counted: 0 };
    this.members.add(member);
    socket.on('close', () => this.members.delete(member));
    socket.on('message', (data: Buffer) => this.obey(member, new Uint8Array(data)));
    this.send(member, wire.encodeAbout(this.about));
    if (this.mayWrite) this.send(member, wire.encodeStep1(Y.encodeStateVector(this.doc)));
    const known = [...this.awareness.getStates().keys()].filter((id) => id !== this.doc.clientID);
    if (known.length > 0)
      this.send(member, wire.encodeAwareness(encodeAwarenessUpdate(this.awareness, known)));
  }

  private get mayWrite(): boolean {
    return this.about.role === 'editor' || this.about.role === 'manager';
  }

  private obey(member: Member, frame: Uint8Array): void {
    const message = wire.decode(frame);
    switch (message.kind) {
      case 'step1':
        this.send(member, wire.encodeStep2(Y.encodeStateAsUpdate(this.doc, message.stateVector)));
        break;
      case 'step2':
      case 'update':
        if (!this.mayWrite) {
          member.socket.close(4403);
          return;
        }
        if (this.full && message.update.length > 2) {
          member.socket.close(1013, 'storage_full');
          return;
        }
        member.counted += 1;
        Y.applyUpdate(this.doc, message.update);
        for (const other of this.members)
          if (other !== member) this.send(other, wire.encodeUpdate(message.update));
        if (this.autoAcknowledge) this.send(member, wire.encodeDurable(member.counted));
        break;
      case 'awareness':
        applyAwarenessUpdate(this.awareness, message.update, member);
        for (const other of this.members)
          if (other !== member) this.send(other, wire.encodeAwareness(message.update));
        break;
      default:
        break;
    }
  }

  private send(member: Member, frame: Uint8Array): void {
    if (member.socket.readyState === member.socket.OPEN) member.socket.send(frame);
  }
}
