import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { ErrorState, SkeletonLines } from '../ui/states.tsx';
import classes from './help.module.css';
import { HELP_TOPICS, readHelp } from './help-topics.ts';
import { readMarkdown } from './markdown.ts';
import { MarkdownText } from './markdown-text.tsx';

const KEYS: readonly { where: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    where: 'Everywhere',
    keys: [
      ['mod+K', 'Search and commands'],
      ['g h', 'Home'],
      ['g c', 'Contacts'],
      ['g p', 'Payments'],
      ['g s', 'Settings'],
      ['?', 'Help'],
      ['Esc', 'Close a sheet or dialog'],
    ],
  },
  {
    where: 'In a list',
    keys: [
      ['j', 'Next row'],
      ['k', 'Row before'],
      ['Enter', 'Open the row'],
      ['x', 'Select the row'],
    ],
  },
  {
    where: 'Contacts',
    keys: [
      ['n', 'New contact; on a contact’s page: write a note'],
      ['c', 'Charge now'],
      ['e', 'Edit'],
    ],
  },
];

/** The keys, and the help pages beside them; one page when the address names it. */
export function HelpPage() {
  const { page } = useParams({ strict: false });
  const { workspace } = useWorkspace();
  const title = HELP_TOPICS.find((topic) => topic.page === page)?.title;
  return (
    <Page>
      <PageHeader title={title ?? 'Help'} />
      <div className={classes.layout}>
        <nav className={classes.topics} aria-label="Help pages">
          <AddressLink
            className={classes.topic}
            isExact
            address={{ to: '/w/$workspaceId/help', params: { workspaceId: workspace.id } }}
          >
            Keyboard
          </AddressLink>
          {HELP_TOPICS.map((topic) => (
            <AddressLink
              key={topic.page}
              className={classes.topic}
              address={{ to: '/w/$workspaceId/help/$page', params: { workspaceId: workspace.id, page: topic.page } }}
            >
              {topic.title}
            </AddressLink>
          ))}
          <a className={classes.topic} href="/docs" target="_blank" rel="noreferrer">
            API reference
          </a>
        </nav>
        {page === undefined ? <Keys /> : <Topic page={page} />}
      </div>
    </Page>
  );
}

function Keys() {
  return (
    <div className={classes.keys}>
      {KEYS.map((group) => (
        <section key={group.where} aria-label={group.where}>
          <h2>{group.where}</h2>
          <dl>
            {group.keys.map(([keys, does]) => (
              <div key={keys}>
                <dt>{does}</dt>
                <dd>
                  <KeyHint keys={keys} />
                  <span className={classes.spoken}>{keys.replace('mod', 'Control')}</span>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function Topic({ page }: { page: string }) {
  const query = useQuery({
    queryKey: ['help', page],
    queryFn: () => readHelp(page),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (query.isPending) return <SkeletonLines lines={8} width="560px" />;
  if (!query.data) {
    return (
      <ErrorState
        title="This help page could not be opened"
        message={query.isError ? 'The server could not be reached.' : 'There is no help page of this name.'}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return <MarkdownText blocks={readMarkdown(query.data)} />;
}
