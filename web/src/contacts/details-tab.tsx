import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Contact } from '../../../src/contacts/api.ts';
import { CopyText } from '../ui/copy-text.tsx';
import { DateText } from '../ui/date-text.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { useReader } from '../ui/reader.tsx';
import { countryName, languageName } from './choices.ts';
import { useContactActions } from './contact-actions.ts';
import classes from './contact-page.module.css';
import { useContactOverview, useCustomFields, useMerges } from './contact-queries.ts';
import { textOf } from './contact-values.ts';
import { useUnmerge } from './use-unmerge.ts';
import { useCanEditContacts } from './workspace-settings.ts';

const route = getRouteApi('/w/$workspaceId/contacts/$contactId');

/** Everything that is known of a contact besides money and notes. */
export function DetailsTab() {
  const { contactId } = route.useParams();
  const contact = useContactOverview(contactId).data?.contact;
  const { edit } = useContactActions();
  if (!contact) return null;
  return (
    <section aria-label="Details" className={classes.detailGroup}>
      {edit && (
        <div>
          <Button size="xs" onClick={edit} rightSection={<KeyHint keys="e" />}>
            Edit details
          </Button>
        </div>
      )}
      <div className={classes.details}>
        <Reach contact={contact} />
        <Billing contact={contact} />
        <Own contact={contact} />
        <Record contact={contact} />
      </div>
    </section>
  );
}

function Group(props: { title: string; facts: readonly (readonly [string, ReactNode])[]; children?: ReactNode }) {
  return (
    <div className={classes.detailGroup}>
      <h2 className={classes.detailTitle}>{props.title}</h2>
      <dl className={classes.facts}>
        {props.facts.map(([label, value]) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value || <span className={classes.none}>–</span>}</dd>
          </div>
        ))}
      </dl>
      {props.children}
    </div>
  );
}

function Reach({ contact }: { contact: Contact }) {
  const { locale } = useReader();
  return (
    <Group
      title="Contact"
      facts={[
        ['E-mail', contact.email],
        ['Telephone', contact.phone],
        ['Company', contact.company?.name],
        ['Owner', contact.owner?.name],
        ['Language', contact.locale && languageName(contact.locale, locale)],
        ['Time zone', contact.time_zone?.replaceAll('_', ' ')],
      ]}
    />
  );
}

function Billing({ contact }: { contact: Contact }) {
  const { locale } = useReader();
  const { billing } = contact;
  const address = [
    billing.line1,
    billing.line2,
    [billing.postal_code, billing.city].filter(Boolean).join(' '),
    billing.region,
    contact.country && countryName(contact.country, locale),
  ].filter(Boolean);
  return (
    <Group
      title="Billing"
      facts={[
        ['Address', address.join('\n')],
        ['Tax id', billing.tax_id],
        ['Currency', contact.currency],
      ]}
    />
  );
}

/** The workspace's own fields; the group is there only when there are any. */
function Own({ contact }: { contact: Contact }) {
  const fields = useCustomFields() ?? [];
  if (fields.length === 0) return null;
  return <Group title="More" facts={fields.map((field) => [field.label, textOf(contact.custom[field.key])])} />;
}

function Record({ contact }: { contact: Contact }) {
  return (
    <Group
      title="Record"
      facts={[
        ['Added', <DateText key="added" at={contact.created_at} />],
        ['Changed', <DateText key="changed" at={contact.updated_at} />],
        ['Reference', contact.external_ref],
        ['Id', <CopyText key="id" text={contact.id} label="contact id" />],
      ]}
    >
      <Merges contactId={contact.id} />
    </Group>
  );
}

/** What was merged into this contact, each to be parted again. */
function Merges({ contactId }: { contactId: string }) {
  const merges = useMerges(contactId);
  const unmerge = useUnmerge();
  const canEdit = useCanEditContacts();
  const [runningId, setRunningId] = useState<string | null>(null);
  const standing = merges.data?.data.filter((merge) => merge.unmerged_at === null) ?? [];
  if (standing.length === 0) return null;
  return (
    <ul className={classes.merges} aria-label="Merged into this contact">
      {standing.map((merge) => (
        <li key={merge.id}>
          <span>
            {merge.merged.name} <span className={classes.none}>merged by {merge.merged_by}, </span>
            <span className={classes.none}>
              <DateText at={merge.merged_at} />
            </span>
          </span>
          {canEdit && (
            <Button
              size="xs"
              variant="subtle"
              loading={runningId === merge.id}
              onClick={() => {
                setRunningId(merge.id);
                void unmerge(merge).finally(() => setRunningId(null));
              }}
            >
              Part again
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
