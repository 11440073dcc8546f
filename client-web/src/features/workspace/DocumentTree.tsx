export interface DocumentTreeProps {
  workspaceId: string;
  /** The document being read, marked in the tree. */
  currentId?: string | undefined;
}

export function DocumentTree(_props: DocumentTreeProps) {
  return null;
}
