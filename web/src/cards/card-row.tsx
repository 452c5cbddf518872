import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { type PaymentMethod, paymentMethod } from '../../../src/payments/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useRefreshWorkspace } from '../contacts/contact-queries.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { DateText } from '../ui/date-text.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import classes from './cards.module.css';
import { CHANNEL_WORDS } from './consent.ts';
import { expiryOf, methodName } from './method-words.ts';

/** One saved method: what it is, how the customer agreed, and what can be done with it. */
export function CardRow(props: { method: PaymentMethod; contactName: string; isEditable: boolean }) {
  const { method } = props;
  const { api } = useWorkspace();
  const refresh = useRefreshWorkspace();
  const [isNaming, setNaming] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const name = methodName(method);
  const isUsable = method.state === 'usable';

  async function makeDefault() {
    try {
      await api.patch(`/v1/payment-methods/${method.id}`, { is_default: true }, paymentMethod);
      await refresh();
      toastDone(`${name} is chosen first from now on.`);
    } catch (error) {
      toastFailed(describeError(error));
    }
  }
  async function remove() {
    await api.remove(`/v1/payment-methods/${method.id}`);
    await refresh();
    toastDone(`${name} is removed.`);
  }

  return (
    <li className={classes.card} data-off={!isUsable || undefined}>
      <div className={classes.words}>
        <div className={classes.nameLine}>
          <span className={classes.name}>{name}</span>
          {method.is_default && isUsable && <span className={classes.mark}>default</span>}
          {isNaming ? (
            <LabelField method={method} onClose={() => setNaming(false)} />
          ) : (
            method.label && <span className={classes.expiry}>{method.label}</span>
          )}
        </div>
        <span className={classes.more}>
          {!isUsable && method.state_reason ? `${method.state_reason} ` : ''}
          Added by {method.added_by}, <DateText at={method.added_at} />; agreed{' '}
          {CHANNEL_WORDS[method.consent.channel].label.toLowerCase()}
        </span>
      </div>
      <span className={classes.expiry}>{expiryOf(method)}</span>
      {props.isEditable ? (
        <Menu>
          <Menu.Target>
            <ActionIcon size="xs" aria-label={`More about ${name}`}>
              <IconDots size={16} stroke={1.8} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {isUsable && !method.is_default && (
              <Menu.Item onClick={() => void makeDefault()}>Choose first from now on</Menu.Item>
            )}
            <Menu.Item onClick={() => setNaming(true)}>{method.label ? 'Change label' : 'Add label'}</Menu.Item>
            <Menu.Divider />
            <Menu.Item color="red" onClick={() => setRemoving(true)}>
              Remove
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : (
        <span />
      )}
      <ConfirmDialog
        isOpen={isRemoving}
        onClose={() => setRemoving(false)}
        title={`Remove ${name}?`}
        confirm="Remove card"
        isDestructive
        onConfirm={remove}
        describe={describeError}
      >
        {props.contactName} can no longer be charged on this card. This cannot be undone: to use it again, the card has
        to be added anew. Payments made with it stay as they are.
      </ConfirmDialog>
    </li>
  );
}

function LabelField({ method, onClose }: { method: PaymentMethod; onClose: () => void }) {
  const { api } = useWorkspace();
  const refresh = useRefreshWorkspace();
  const [text, setText] = useState(method.label ?? '');
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);

  async function save() {
    setSaving(true);
    try {
      await api.patch(`/v1/payment-methods/${method.id}`, { label: text.trim() || null }, paymentMethod);
      await refresh();
      onClose();
    } catch (error) {
      setFailure(describeError(error));
      setSaving(false);
    }
  }

  return (
    <form
      style={{ display: 'flex', gap: 8 }}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput
        aria-label={`Label of ${methodName(method)}`}
        autoFocus
        maxLength={60}
        value={text}
        error={failure}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && onClose()}
      />
      <Button type="submit" loading={isSaving}>
        Save
      </Button>
    </form>
  );
}
