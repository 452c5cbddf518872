import type { ConnectionCheck, ConnectionKind, ConnectionValues } from '../connection.ts';
import { EVENT_TYPES } from './event.ts';
import { ask } from './send-request.ts';
import { modeOfKey, PUBLISHABLE_KEY, SECRET_KEY, SIGNING_SECRET, type StripeSession } from './session.ts';

/** How a Stripe account is connected: its keys, what each looks like, and the question that shows that they hold. */
export function stripeConnecting(sessionWith: (values: ConnectionValues) => StripeSession): ConnectionKind {
  return {
    fields: [
      { name: SECRET_KEY, label: 'Secret key', secret: true, required: true, example: 'sk_test_… or rk_test_…' },
      { name: PUBLISHABLE_KEY, label: 'Publishable key', secret: false, required: true, example: 'pk_test_…' },
      {
        name: SIGNING_SECRET,
        label: 'Signing secret of the webhook',
        secret: true,
        required: false,
        example: 'whsec_…',
        signs: true,
      },
    ],
    eventTypes: EVENT_TYPES,
    check: async (values) => refuseAtSight(values) ?? checkAtStripe(sessionWith(values), values[SECRET_KEY]!),
  };
}

const refused = (field: string | null, reason: string): ConnectionCheck => ({ status: 'refused', field, reason });

/** What can be seen without asking: a key in the wrong field, or keys of test and live mode mixed. */
function refuseAtSight(values: ConnectionValues): ConnectionCheck | null {
  const secretKey = values[SECRET_KEY] ?? '';
  const publishableKey = values[PUBLISHABLE_KEY] ?? '';
  const signingSecret = values[SIGNING_SECRET] ?? '';
  if (!/^(sk|rk)_(test|live)_\S+$/.test(secretKey)) {
    return refused(SECRET_KEY, 'A secret key begins with sk_test_, sk_live_, rk_test_ or rk_live_.');
  }
  if (!/^pk_(test|live)_\S+$/.test(publishableKey)) {
    return refused(PUBLISHABLE_KEY, 'A publishable key begins with pk_test_ or pk_live_.');
  }
  if (modeOfKey(secretKey) !== modeOfKey(publishableKey)) {
    return refused(PUBLISHABLE_KEY, 'The two keys are of different modes: one is for tests, the other is live.');
  }
  if (signingSecret !== '' && !/^whsec_\S+$/.test(signingSecret)) {
    return refused(
      SIGNING_SECRET,
      'A signing secret begins with whsec_; it stands beside the webhook in Stripe’s dashboard.',
    );
  }
  return null;
}

async function checkAtStripe(session: StripeSession, secretKey: string): Promise<ConnectionCheck> {
  const answer = await ask(session, (client) => client.accounts.retrieveCurrent());
  if (answer.ok) {
    const account = answer.value;
    if (typeof account?.id !== 'string') return { status: 'unreachable', reason: 'Stripe’s answer is not an account.' };
    const accountName =
      account.settings?.dashboard?.display_name || account.business_profile?.name || account.email || account.id;
    return { status: 'connected', account: { accountRef: account.id, accountName, mode: modeOfKey(secretKey) } };
  }
  if (answer.reason === 'not_connected') {
    return refused(SECRET_KEY, 'Stripe does not accept this key, or it may not read the account it belongs to.');
  }
  if (answer.reason === 'refused')
    return refused(SECRET_KEY, 'Stripe refused to tell which account this key belongs to.');
  return { status: 'unreachable', reason: 'Stripe could not be asked just now. Nothing was saved; try again.' };
}
