import { Fragment, type ReactNode } from 'react';
import type { TextNode } from '@/api';
import { useI18n } from '@/i18n';
import { Skeleton } from '@/ui';

export interface BeginningProps {
  title: string;
  language: string;
  /** Absent while it is on its way. */
  blocks: readonly TextNode[] | undefined;
}

/** The beginning of the text, to read until the editor is there: what the editor will show, in the same places. */
export function Beginning({ title, language, blocks }: BeginningProps) {
  const { t } = useI18n();
  return (
    <article className="sheet" aria-label={title} aria-busy="true">
      <p className="vh">{t('ui.loading')}</p>
      {blocks ? (
        <div className="paper">
          <div className="ProseMirror prose" lang={language} aria-readonly="true" data-testid="beginning">
            {blocks.map((node, at) => (
              <Block key={at} node={node} />
            ))}
          </div>
        </div>
      ) : (
        <Skeleton lines={8} />
      )}
    </article>
  );
}

const kMarks: Record<string, (inner: ReactNode, attrs: Record<string, unknown>) => ReactNode> = {
  bold: (inner) => <strong>{inner}</strong>,
  italic: (inner) => <em>{inner}</em>,
  strike: (inner) => <s>{inner}</s>,
  underline: (inner) => <u>{inner}</u>,
  code: (inner) => <code>{inner}</code>,
  // Whoever wrote the link is not trusted with more than what the editor would open.
  link: (inner, { href }) =>
    typeof href === 'string' && /^(https?:|mailto:|\/(?!\/)|#)/i.test(href) ? (
      <a href={href} rel="noopener noreferrer">
        {inner}
      </a>
    ) : (
      inner
    ),
};

function Run({ node }: { node: TextNode }) {
  return (node.marks ?? []).reduce<ReactNode>(
    (inner, mark) => kMarks[mark.type]?.(inner, mark.attrs ?? {}) ?? inner,
    node.text ?? '',
  );
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && value > 1 ? value : undefined;
}

/** What is no block of the schema shows its text. */
function Block({ node }: { node: TextNode }): ReactNode {
  const { type, attrs = {}, content = [] } = node;
  const inner = content.map((each, at) => <Block key={at} node={each} />);
  switch (type) {
    case 'text':
      return <Run node={node} />;
    case 'hardBreak':
      return <br />;
    case 'paragraph':
      return <p>{inner.length > 0 ? inner : <br />}</p>;
    case 'heading': {
      const Heading = (['h1', 'h2', 'h3', 'h4'] as const)[Number(attrs.level) - 1] ?? 'h4';
      return <Heading>{inner.length > 0 ? inner : <br />}</Heading>;
    }
    case 'bulletList':
      return <ul>{inner}</ul>;
    case 'orderedList':
      return <ol start={count(attrs.start)}>{inner}</ol>;
    case 'listItem':
      return <li>{inner}</li>;
    case 'taskList':
      return <ul data-type="taskList">{inner}</ul>;
    case 'taskItem':
      return (
        <li data-checked={attrs.checked === true}>
          <label>
            <input type="checkbox" checked={attrs.checked === true} disabled aria-hidden="true" />
          </label>
          <div>{inner}</div>
        </li>
      );
    case 'blockquote':
      return <blockquote>{inner}</blockquote>;
    case 'codeBlock':
      return (
        <pre>
          <code>{inner}</code>
        </pre>
      );
    case 'horizontalRule':
      return <hr />;
    case 'table':
      return (
        <div className="tableWrapper">
          <table>
            <tbody>{inner}</tbody>
          </table>
        </div>
      );
    case 'tableRow':
      return <tr>{inner}</tr>;
    case 'tableHeader':
    case 'tableCell': {
      const Cell = type === 'tableHeader' ? 'th' : 'td';
      return (
        <Cell colSpan={count(attrs.colspan)} rowSpan={count(attrs.rowspan)}>
          {inner}
        </Cell>
      );
    }
    case 'extensionBlock':
      return typeof attrs.text === 'string' ? <p>{attrs.text}</p> : null;
    case 'image':
      return <div className="doc-image" data-state="loading" />;
    default:
      return <Fragment>{inner}</Fragment>;
  }
}
