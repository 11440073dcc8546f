// What the tabs of one browser tell each other about one document: edits that the server may not have yet, and which
// of them it has. Without it, an offline edit of one tab would show in another only after both have met the server.
import type { CopyKey } from './database';
import type { CountedGroup, Group } from './unsent';

export type TabMessage =
  | { kind: 'changed'; update: Uint8Array; group: CountedGroup }
  | { kind: 'settled'; groups: Group[] }
  | { kind: 'forgotten' };

export class Tabs {
  private readonly channel: BroadcastChannel | null;

  constructor(
    Channel: typeof BroadcastChannel | undefined,
    key: CopyKey,
    receive: (message: TabMessage) => void,
  ) {
    this.channel = Channel ? new Channel(`cluse:${key.person}:${key.document}`) : null;
    if (this.channel) this.channel.onmessage = (event) => receive(event.data as TabMessage);
  }

  post(message: TabMessage): void {
    this.channel?.postMessage(message);
  }

  close(): void {
    this.channel?.close();
  }
}
