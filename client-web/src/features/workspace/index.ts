export { DocumentTree } from './DocumentTree';
