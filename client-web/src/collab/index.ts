// The live connection of a document: Yjs over the wire of docs/api.md, saved here and there, and honest about it.
// Plain TypeScript; React meets it through `Watchable`.
export { openDocument, forgetDocument, unsentChanges, deliverUnsent, type Lease } from './open_documents';
export { DocumentSession, type PresentUser, type SessionOptions } from './session';
export type { SaveState, SaveStateName } from './save_state';
export type { Watchable } from './store';
export type { About, Role } from './wire';
export { registerServiceWorker, clearOfflineData } from './offline';
