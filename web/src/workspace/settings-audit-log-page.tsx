import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type AuditEntry, auditPage, members } from '../../../src/workspace/api.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { CopyText } from '../ui/copy-text.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { DateText } from '../ui/date-text.tsx';
import { Section } from '../ui/page-header.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { EmptyState } from '../ui/states.tsx';
import { AUDIT_AREAS, actionWords } from './audit-words.ts';
import classes from './settings.module.css';

const route = getRouteApi('/w/$workspaceId/settings/audit-log');

/** Settings → Audit log: who did what, from where. Rows are only ever added, and chained. */
export function SettingsAuditLogPage() {
  const { api, workspace } = useWorkspace();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [open, setOpen] = useState<AuditEntry | null>(null);
  const people = useQuery({
    queryKey: [workspace.id, 'members'],
    queryFn: ({ signal }) => api.get('/v1/members', members, { signal }),
  });
  const source = useCursorPages({ key: 'audit-log', path: '/v1/audit-log', page: auditPage, query: { ...search } });
  const show = (change: Partial<typeof search>) =>
    void navigate({
      to: '/w/$workspaceId/settings/audit-log',
      params: { workspaceId: workspace.id },
      search: { ...search, ...change },
      replace: true,
    });
  const isFiltered = Object.values(search).some((value) => value !== undefined);

  return (
    <Section
      title="Audit log"
      note="Only ever added to. Each entry seals the one before it, so that a change would show."
    >
      <div className={classes.buttons} style={{ flexWrap: 'wrap' }}>
        <Select
          aria-label="What it was about"
          placeholder="Everything"
          clearable
          data={AUDIT_AREAS}
          value={search.action ?? null}
          onChange={(action) => show({ action: action ?? undefined })}
        />
        <Select
          aria-label="Who did it"
          placeholder="Everybody"
          clearable
          data={people.data?.data.map((member) => ({ value: member.id, label: member.name })) ?? []}
          value={search.actor ?? null}
          onChange={(actor) => show({ actor: actor ?? undefined })}
        />
      </div>
      <DataTable
        label="Audit log"
        source={source}
        rowId={(entry) => entry.id}
        onOpen={setOpen}
        isCompact
        columns={[
          { id: 'what', header: 'What', width: 'minmax(160px, 2fr)', render: (entry) => actionWords(entry.action) },
          { id: 'who', header: 'Who', width: 'minmax(110px, 1fr)', render: (entry) => entry.actor.name },
          { id: 'when', header: 'When', width: '128px', render: (entry) => <DateText at={entry.at} /> },
        ]}
        phone={(entry) => ({
          title: actionWords(entry.action),
          detail: entry.actor.name,
          valueDetail: <DateText at={entry.at} />,
        })}
        empty={
          <EmptyState title={isFiltered ? 'No entry is like that' : 'Nothing has happened yet'}>
            {isFiltered ? 'Choose another area or person.' : 'Whatever changes in this workspace is written down here.'}
          </EmptyState>
        }
      />
      {open && <EntrySheet entry={open} onClose={() => setOpen(null)} />}
    </Section>
  );
}

const hasPage = ({ subject }: AuditEntry) => subject?.kind === 'contact' || subject?.kind === 'payment';

/** The way to what an entry is about, where that has a page of its own. */
function SubjectLink({ subject }: { subject: AuditEntry['subject'] }) {
  const { workspace } = useWorkspace();
  const workspaceId = workspace.id;
  if (subject?.kind === 'contact') {
    const params = { workspaceId, contactId: subject.id };
    const address = { to: '/w/$workspaceId/contacts/$contactId', params } as const;
    return (
      <AddressLink className={classes.link} address={address}>
        The contact
      </AddressLink>
    );
  }
  if (subject?.kind === 'payment') {
    const params = { workspaceId, paymentId: subject.id };
    const address = { to: '/w/$workspaceId/payments/transactions/$paymentId', params } as const;
    return (
      <AddressLink className={classes.link} address={address}>
        The transaction
      </AddressLink>
    );
  }
  return null;
}

function EntrySheet({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const facts: [string, React.ReactNode][] = [
    ['Action', entry.action],
    ['Who', `${entry.actor.name} (${entry.actor.kind.replace('_', ' ')})`],
    ['When', <DateText key="at" at={entry.at} exact />],
    ['From', entry.ip ?? 'inside the program'],
    ['About', entry.subject && <CopyText key="subject" text={entry.subject.id} label={`${entry.subject.kind} id`} />],
    ['Open', hasPage(entry) ? <SubjectLink key="open" subject={entry.subject} /> : null],
    ['Place in the chain', entry.seal ?? 'being sealed'],
  ];
  return (
    <SideSheet isOpen onClose={onClose} title={actionWords(entry.action)}>
      <dl style={{ display: 'grid', gap: 8, gridTemplateColumns: 'auto 1fr', columnGap: 24, margin: 0, fontSize: 13 }}>
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name} style={{ display: 'contents' }}>
                <dt className={classes.quiet}>{name}</dt>
                <dd style={{ margin: 0 }}>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {Object.keys(entry.details).length > 0 && (
        <pre className={classes.details}>{JSON.stringify(entry.details, null, 2)}</pre>
      )}
    </SideSheet>
  );
}
