// The messages of `/collab/{document id}` as docs/api.md describes them: y-protocols framing, one message a frame,
// and the two messages of our own subprotocol.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** The subprotocol that adds the messages `durable` and `about`. */
export const kSubprotocol = 'cluse.ack.1';

const kSync = 0;
const kAwareness = 1;
const kAuth = 2;
const kQueryAwareness = 3;
const kDurable = 64;
const kAbout = 65;

const kStep1 = 0;
const kStep2 = 1;
const kUpdate = 2;

export type Role = 'reader' | 'commenter' | 'editor' | 'manager';

/** What the server tells about the document itself, at the start and whenever it changes. */
export interface About {
  title: string;
  language: string;
  role: Role;
  trashed: boolean;
}

export type Message =
  | { kind: 'step1'; stateVector: Uint8Array }
  | { kind: 'step2'; update: Uint8Array }
  | { kind: 'update'; update: Uint8Array }
  | { kind: 'awareness'; update: Uint8Array }
  | { kind: 'queryAwareness' }
  | { kind: 'denied'; reason: string }
  | { kind: 'durable'; count: number }
  | { kind: 'about'; about: About }
  | { kind: 'unknown' };

/** Throws on bytes that are cut short. A kind that we do not know is `unknown`: a newer server may speak of more. */
export function decode(frame: Uint8Array): Message {
  const decoder = decoding.createDecoder(frame);
  switch (decoding.readVarUint(decoder)) {
    case kSync:
      switch (decoding.readVarUint(decoder)) {
        case kStep1:
          return { kind: 'step1', stateVector: decoding.readVarUint8Array(decoder) };
        case kStep2:
          return { kind: 'step2', update: decoding.readVarUint8Array(decoder) };
        case kUpdate:
          return { kind: 'update', update: decoding.readVarUint8Array(decoder) };
        default:
          return { kind: 'unknown' };
      }
    case kAwareness:
      return { kind: 'awareness', update: decoding.readVarUint8Array(decoder) };
    case kAuth:
      decoding.readVarUint(decoder);
      return { kind: 'denied', reason: decoding.readVarString(decoder) };
    case kQueryAwareness:
      return { kind: 'queryAwareness' };
    case kDurable:
      return { kind: 'durable', count: decoding.readVarUint(decoder) };
    case kAbout:
      return { kind: 'about', about: JSON.parse(decoding.readVarString(decoder)) as About };
    default:
      return { kind: 'unknown' };
  }
}

function frame(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

function sync(step: number, payload: Uint8Array): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, kSync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, payload);
  });
}

export const encodeStep1 = (stateVector: Uint8Array): Uint8Array => sync(kStep1, stateVector);
export const encodeStep2 = (update: Uint8Array): Uint8Array => sync(kStep2, update);
export const encodeUpdate = (update: Uint8Array): Uint8Array => sync(kUpdate, update);

export function encodeAwareness(update: Uint8Array): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, kAwareness);
    encoding.writeVarUint8Array(encoder, update);
  });
}

/** Only servers send the two below; tests and stand-ins need them too. */
export function encodeDurable(count: number): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, kDurable);
    encoding.writeVarUint(encoder, count);
  });
}

export function encodeAbout(about: About): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, kAbout);
    encoding.writeVarString(encoder, JSON.stringify(about));
  });
}
