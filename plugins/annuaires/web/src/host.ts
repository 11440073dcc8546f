// What the host hands to a module: the SDK's own types, and which sentences there are.
import type { Host as SdkHost, Values } from '@cluse/sdk';
import type fr from '../../i18n/fr.json';

export type { Answer } from '@cluse/sdk';
export type Host = SdkHost;
export type MessageKey = keyof typeof fr;
export type MessageArgs = Values;
export type Translate = (key: MessageKey, args?: MessageArgs) => string;

/** What is caught: an `ApiError` of the SDK, or anything else that was thrown. */
export interface ErrorLike {
  message: string;
  code?: string;
  status?: number;
  field?: string | null;
  errors?: { field: string; message: string }[];
}
