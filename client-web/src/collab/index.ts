// The live connection of a document: Yjs over the wire of docs/api.md, saved here and there, and honest about it.
// Plain TypeScript; React meets it through `Watchable`. The shell imports `@/collab/offline` alone, which is light.
export { openDocument, forgetDocument, unsentChanges, type Lease } from './open_documents';
export { DocumentSession, type PresentUser, type SessionOptions } from './session';
export type { SaveState, SaveStateName } from './save_state';
export type { Watchable } from './store';
export type { About, Role } from './wire';
