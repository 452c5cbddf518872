import { Button, Radio, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type CardForm, cardForm, type PaymentMethod } from '../../../src/payments/api.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useRefreshWorkspace } from '../contacts/contact-queries.ts';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import classes from './cards.module.css';
import { CHANNEL_WORDS, CONSENT_CHANNELS, type ConsentChannel, consentWords } from './consent.ts';
import { methodName } from './method-words.ts';

/** Between two looks at a form that somebody is filling in. */
const LOOK_MS = 1_200;

/**
 * Saves a card: the customer's consent first, then the gateway's own form in a frame. No card number is ever typed into
 * a field of ours. `onDone` is told the saved method, also when it was there already.
 */
export function AddCardPanel(props: {
  contactId: string;
  contactName: string;
  onDone: (method: PaymentMethod) => void;
  onCancel: () => void;
}) {
  const [form, setForm] = useState<CardForm | null>(null);
  const [refusedReason, setRefusedReason] = useState<string | null>(null);
  if (form) {
    return (
      <GatewayForm
        form={form}
        contactName={props.contactName}
        onDone={props.onDone}
        onRefused={(reason) => {
          setRefusedReason(reason);
          setForm(null);
        }}
      />
    );
  }
  return (
    <Consent contactId={props.contactId} refusedReason={refusedReason} onOpened={setForm} onCancel={props.onCancel} />
  );
}

function Consent(props: {
  contactId: string;
  refusedReason: string | null;
  onOpened: (form: CardForm) => void;
  onCancel: () => void;
}) {
  const { api, workspace } = useWorkspace();
  const [channel, setChannel] = useState<ConsentChannel>('phone');
  const [label, setLabel] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [isOpening, setOpening] = useState(false);

  async function open(event: React.FormEvent) {
    event.preventDefault();
    // Inside the charge sheet this form stands beside another one.
    event.stopPropagation();
    setOpening(true);
    setFailure(null);
    setErrors({});
    try {
      const words = label.trim();
      const body = { consent_channel: channel, ...(words === '' ? {} : { label: words }) };
      props.onOpened(await api.post(`/v1/contacts/${props.contactId}/card-forms`, body, cardForm));
    } catch (error) {
      const refused = fieldErrors(error);
      setErrors(refused);
      if (Object.keys(refused).length === 0) setFailure(describeError(error));
    } finally {
      setOpening(false);
    }
  }

  return (
    <form className={classes.panel} onSubmit={(event) => void open(event)} noValidate>
      {props.refusedReason && (
        <Notice tone="red" title="The card was not saved.">
          {props.refusedReason} Try again, or use another card.
        </Notice>
      )}
      {failure && <Notice tone="red">{failure}</Notice>}
      <Radio.Group
        label="How does the customer agree?"
        value={channel}
        onChange={(next) => setChannel(CONSENT_CHANNELS.find((one) => one === next) ?? channel)}
      >
        <div className={classes.channels}>
          {CONSENT_CHANNELS.map((one) => (
            <Radio key={one} size="xs" value={one} label={CHANNEL_WORDS[one].label} />
          ))}
        </div>
      </Radio.Group>
      <div>
        {CHANNEL_WORDS[channel].does}
        <p className={classes.consent}>“{consentWords(workspace.name)}”</p>
      </div>
      <TextInput
        label="Label"
        placeholder="Optional: office card, Maria's card"
        maxLength={60}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
        error={errors.label}
      />
      <div className={classes.buttons}>
        <Button onClick={props.onCancel}>Cancel</Button>
        <Button variant="filled" type="submit" loading={isOpening}>
          They agree, continue
        </Button>
      </div>
    </form>
  );
}

function GatewayForm(props: {
  form: CardForm;
  contactName: string;
  onDone: (method: PaymentMethod) => void;
  onRefused: (reason: string) => void;
}) {
  const { api, workspace } = useWorkspace();
  const refresh = useRefreshWorkspace();
  const watched = useQuery({
    queryKey: [workspace.id, 'card-form', props.form.id],
    queryFn: ({ signal }) => api.get(`/v1/card-forms/${props.form.id}`, cardForm, { signal }),
    initialData: props.form,
    refetchInterval: (query) => (query.state.data?.status === 'open' ? LOOK_MS : false),
    staleTime: 0,
    retry: false,
  });
  const form = watched.data;
  const finish = useRef((ended: CardForm) => {
    if (ended.status === 'completed' && ended.payment_method) {
      const name = methodName(ended.payment_method);
      toastDone(
        ended.duplicate
          ? `${name} was saved for ${props.contactName} already; nothing was added twice.`
          : `${name} is saved for ${props.contactName}.`,
      );
      void refresh().then(() => ended.payment_method && props.onDone(ended.payment_method));
    } else if (ended.status === 'refused') {
      props.onRefused(ended.refused_reason ?? 'The gateway refused it.');
    } else if (ended.status === 'expired') {
      props.onRefused('The form was open for too long.');
    }
  });
  useEffect(() => {
    if (form.status !== 'open') finish.current(form);
  }, [form]);

  return (
    <div className={classes.panel}>
      {props.form.display === 'frame' ? (
        <iframe
          className={classes.frame}
          src={props.form.url}
          title="Card form of the payment provider"
          allow="payment"
        />
      ) : (
        <Button component="a" variant="filled" href={props.form.url} target="_blank" rel="noopener">
          Open the payment provider’s page
        </Button>
      )}
      <p className={classes.more}>
        This form belongs to the payment provider. The card number goes there and is never stored here.
      </p>
      {watched.isError && <Notice tone="amber">{describeError(watched.error)}</Notice>}
    </div>
  );
}
