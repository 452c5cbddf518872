import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import classes from './help.module.css';
import type { Block, Inline } from './markdown.ts';

/** A help page as it is read. Its own title is left out: it stands above as the page's. */
export function MarkdownText({ blocks }: { blocks: readonly Block[] }) {
  return (
    <article className={classes.text}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a page does not change while it is read
        <BlockText key={index} block={block} />
      ))}
    </article>
  );
}

function BlockText({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      if (block.level === 1) return null;
      return block.level === 2 ? (
        <h2>
          <Words parts={block.text} />
        </h2>
      ) : (
        <h3>
          <Words parts={block.text} />
        </h3>
      );
    case 'paragraph':
      return (
        <p>
          <Words parts={block.text} />
        </p>
      );
    case 'code':
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by the keyboard
      return <pre tabIndex={0}>{block.text}</pre>;
    case 'list': {
      const items = block.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <li key={index}>
          <Words parts={item} />
        </li>
      ));
      return block.isOrdered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case 'table':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by the keyboard
        <section className={classes.scroll} aria-label="Table" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {block.head.map((cell, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <th key={index} scope="col">
                    <Words parts={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <tr key={index}>
                  {row.map((cell, place) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above
                    <td key={place}>
                      <Words parts={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      );
  }
}

function Words({ parts }: { parts: readonly Inline[] }) {
  const { workspace } = useWorkspace();
  return parts.map((part, index) => {
    const key = `${index} ${part.text}`;
    if (part.kind === 'strong') return <strong key={key}>{part.text}</strong>;
    if (part.kind === 'code') return <code key={key}>{part.text}</code>;
    if (part.kind === 'text') return part.text;
    const page = /^([a-z-]+)\.md$/.exec(part.href)?.[1];
    if (page) {
      return (
        <AddressLink
          key={key}
          address={{ to: '/w/$workspaceId/help/$page', params: { workspaceId: workspace.id, page } }}
        >
          {part.text}
        </AddressLink>
      );
    }
    return (
      <a key={key} href={part.href} target="_blank" rel="noreferrer">
        {part.text}
      </a>
    );
  });
}
