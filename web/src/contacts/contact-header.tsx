import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconArchive,
  IconArchiveOff,
  IconArrowMerge,
  IconCash,
  IconCopy,
  IconDots,
  IconFileText,
  IconMail,
  IconPencil,
} from '@tabler/icons-react';
import type { Contact } from '../../../src/contacts/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { copyToClipboard } from '../ui/copy-text.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { toastDone } from '../ui/toast.tsx';
import { AccentHint } from './accent-hint.tsx';
import classes from './contact-page.module.css';
import { ContactTags } from './contact-tags.tsx';

export interface ContactMenuActions {
  edit: (() => void) | null;
  recordPayment: (() => void) | null;
  askForCard: (() => void) | null;
  customerPage: (() => void) | null;
  statement: (() => void) | null;
  merge: (() => void) | null;
  archive: (() => void) | null;
  restore: (() => void) | null;
}

/** Who they are, and the one thing most people come here for. */
export function ContactHeader(props: {
  contact: Contact;
  canEdit: boolean;
  charge: (() => void) | null;
  menu: ContactMenuActions;
}) {
  const { contact, charge } = props;
  return (
    <>
      <PageHeader
        title={contact.name}
        beside={contact.archived_at && <StatusDot tone="hollow">Archived</StatusDot>}
        subtitle={<Subtitle contact={contact} />}
        actions={
          <>
            <MoreMenu contact={contact} actions={props.menu} />
            {charge && (
              <Button variant="filled" onClick={charge} rightSection={<AccentHint keys="c" />}>
                Charge now
              </Button>
            )}
          </>
        }
      />
      <ContactTags contact={contact} canEdit={props.canEdit && !contact.archived_at} />
    </>
  );
}

function Subtitle({ contact }: { contact: Contact }) {
  const { workspace } = useWorkspace();
  const parts = [
    contact.company && <span key="company">{contact.company.name}</span>,
    contact.email && (
      <a key="email" href={`mailto:${contact.email}`}>
        {contact.email}
      </a>
    ),
    contact.phone && (
      <a key="phone" href={`tel:${contact.phone.replace(/[^+0-9]/g, '')}`}>
        {contact.phone}
      </a>
    ),
    contact.owner && (
      <AddressLink
        key="owner"
        address={{
          to: '/w/$workspaceId/contacts',
          params: { workspaceId: workspace.id },
          search: { owner: contact.owner.id },
        }}
      >
        owned by {contact.owner.name}
      </AddressLink>
    ),
  ].filter(Boolean);
  if (parts.length === 0) return undefined;
  return (
    <span className={classes.subtitle}>
      {parts.map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts keep their order
        <span key={place}>{part}</span>
      ))}
    </span>
  );
}

function MoreMenu({ contact, actions }: { contact: Contact; actions: ContactMenuActions }) {
  const icon = { size: 16, stroke: 1.6 } as const;
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="default" aria-label="More">
          <IconDots size={16} stroke={1.8} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.edit && (
          <Menu.Item leftSection={<IconPencil {...icon} />} rightSection={<KeyHint keys="e" />} onClick={actions.edit}>
            Edit
          </Menu.Item>
        )}
        {actions.recordPayment && (
          <Menu.Item leftSection={<IconCash {...icon} />} onClick={actions.recordPayment}>
            Record a payment
          </Menu.Item>
        )}
        {actions.askForCard && (
          <Menu.Item leftSection={<IconMail {...icon} />} onClick={actions.askForCard}>
            Ask for a new card
          </Menu.Item>
        )}
        {actions.customerPage && (
          <Menu.Item leftSection={<IconMail {...icon} />} onClick={actions.customerPage}>
            The customer’s page
          </Menu.Item>
        )}
        {actions.statement && (
          <Menu.Item leftSection={<IconFileText {...icon} />} onClick={actions.statement}>
            Statement of account
          </Menu.Item>
        )}
        {actions.merge && (
          <Menu.Item leftSection={<IconArrowMerge {...icon} />} onClick={actions.merge}>
            Merge a duplicate
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconCopy {...icon} />}
          onClick={() => void copyToClipboard(contact.id).then(() => toastDone('The id is copied.'))}
        >
          Copy id
        </Menu.Item>
        {(actions.archive || actions.restore) && <Menu.Divider />}
        {actions.archive && (
          <Menu.Item leftSection={<IconArchive {...icon} />} onClick={actions.archive}>
            Archive
          </Menu.Item>
        )}
        {actions.restore && (
          <Menu.Item leftSection={<IconArchiveOff {...icon} />} onClick={actions.restore}>
            Restore
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
