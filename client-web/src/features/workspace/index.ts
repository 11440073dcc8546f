export { DocumentTree, type DocumentTreeProps } from './DocumentTree';
export { useDocumentChanges, type DocumentChanges } from './changes';
