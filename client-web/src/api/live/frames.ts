import type { Notification } from '../notifications';
import type { Id } from '../types';

// What travels on /live: one JSON object a message (docs/api.md, "/live").

export interface HelloFrame {
  type: 'hello';
  /** The server says something at least so often. */
  beat_seconds: number;
}
/** Something may have been missed: whatever is shown is asked for anew. */
export interface ResyncFrame {
  type: 'resync';
}
export interface NotificationsFrame {
  type: 'notifications';
  unread: number;
  latest: Notification[];
}
/** Something happened in a workspace whose channel was joined, in the words of the journal. */
export interface EventFrame {
  type: 'event';
  channel: string;
  verb: string;
  object_kind: string;
  object: string;
  by?: Id;
}
export interface PluginChangedFrame {
  type: 'plugin.changed';
  plugin: string;
}
interface ChannelFrame {
  /** Absent: of the core. */
  plugin?: string;
  channel: string;
}
export interface JoinedFrame extends ChannelFrame {
  type: 'joined';
}
export interface RefusedFrame extends ChannelFrame {
  type: 'refused';
  code: string;
}
export interface MessageFrame extends ChannelFrame {
  type: 'message';
  body: unknown;
}
export type LiveFrame =
  | HelloFrame
  | { type: 'beat' }
  | ResyncFrame
  | NotificationsFrame
  | EventFrame
  | PluginChangedFrame
  | JoinedFrame
  | RefusedFrame
  | MessageFrame;

/** `waiting`: it tries again by itself. `ended`: it does not, since nobody is signed in any more. */
export type LiveState = 'connecting' | 'open' | 'waiting' | 'ended';

export interface ChannelListener {
  onMessage?: (body: unknown) => void;
  onEvent?: (event: EventFrame) => void;
  onJoined?: () => void;
  onRefused?: (code: string) => void;
}
export interface Channel {
  /** Lost if the connection is away: the channel is no queue. */
  send: (body: unknown) => void;
  close: () => void;
}
