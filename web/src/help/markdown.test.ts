import { expect, it } from 'vitest';
import { readMarkdown } from './markdown.ts';

it('reads what help pages are written in', () => {
  const page =
    '# Refunds\n\nGive **all** or `part`\nback, see [cards](cards.md).\n\n1. Open it\n2. Press\n   Refund\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nnpm start\n```\n';
  expect(readMarkdown(page)).toEqual([
    { kind: 'heading', level: 1, text: [{ kind: 'text', text: 'Refunds' }] },
    {
      kind: 'paragraph',
      text: [
        { kind: 'text', text: 'Give ' },
        { kind: 'strong', text: 'all' },
        { kind: 'text', text: ' or ' },
        { kind: 'code', text: 'part' },
        { kind: 'text', text: ' back, see ' },
        { kind: 'link', text: 'cards', href: 'cards.md' },
        { kind: 'text', text: '.' },
      ],
    },
    {
      kind: 'list',
      isOrdered: true,
      items: [[{ kind: 'text', text: 'Open it' }], [{ kind: 'text', text: 'Press Refund' }]],
    },
    {
      kind: 'table',
      head: [[{ kind: 'text', text: 'a' }], [{ kind: 'text', text: 'b' }]],
      rows: [[[{ kind: 'text', text: '1' }], [{ kind: 'text', text: '2' }]]],
    },
    { kind: 'code', text: 'npm start' },
  ]);
});

it('ends on text that is no Markdown at all', () => {
  expect(readMarkdown('```\nnever closed')).toEqual([{ kind: 'code', text: 'never closed' }]);
  expect(readMarkdown('')).toEqual([]);
});
