export { DocumentTree, type DocumentTreeProps } from './DocumentTree';
export { WorkspacePage } from './WorkspacePage';
export { useDocumentChanges, type DocumentChanges } from './changes';
