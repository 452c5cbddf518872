import { expect, test, vi } from 'vitest';
import type { Payment } from '../../../src/payments/api.ts';
import type { Api } from '../app/api-client.ts';
import { ApiProblem, NetworkFailure } from '../app/api-problem.ts';
import { newCharge } from './kept-charge.ts';
import { askAboutCharge, sendCharge } from './send-charge.ts';

const KEPT = newCharge(
  'con_00000000000000000000000000',
  {
    amount_minor: 12_000,
    currency: 'USD',
    payment_method_id: 'pmt_00000000000000000000000000',
    description: 'Consultation',
    tax_minor: 0,
    confirm_same_again: false,
    confirm_early_retry: false,
  },
  'Visa ·· 4242',
);
const PAYMENT = { id: 'pay_1', status: 'settled' } as Payment;
const problem = (status: number, code: string) => new ApiProblem(status, { code });
const lost = new NetworkFailure('No answer.');

/** A server that gives these answers in turn, and remembers with which key it was asked. */
function server(answers: { post?: unknown[]; get?: unknown[] }) {
  const keys: (string | undefined)[] = [];
  const next = (list: unknown[] | undefined) => {
    const answer = list?.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const api = {
    post: async (_path: string, _body: unknown, _schema: unknown, options?: { idempotencyKey?: string }) => {
      keys.push(options?.idempotencyKey);
      return next(answers.post);
    },
    get: async () => next(answers.get),
  } as unknown as Api;
  return { api, keys };
}

async function outcome(answers: { post?: unknown[]; get?: unknown[] }) {
  vi.useFakeTimers();
  const { api, keys } = server(answers);
  const onLost = vi.fn();
  const sent = sendCharge(api, KEPT, onLost, new AbortController().signal);
  await vi.runAllTimersAsync();
  vi.useRealTimers();
  return { answer: await sent, keys, wasLost: onLost.mock.calls.length > 0 };
}

test.each([
  ['an answer is taken as it is', { post: [PAYMENT] }, 'payment', false],
  ['a refusal is definite', { post: [problem(422, 'amount_above_limit')] }, 'refused', false],
  [
    'the same amount a moment ago is a refusal to be asked about',
    { post: [problem(409, 'same_charge_recently')] },
    'refused',
    false,
  ],
  ['a lost reply is asked about by its key', { post: [lost], get: [PAYMENT] }, 'payment', true],
  [
    'a server that fell over may have charged',
    { post: [problem(500, 'internal_error')], get: [PAYMENT] },
    'payment',
    true,
  ],
  [
    'while the first press still runs, the second waits for it',
    { post: [problem(409, 'idempotency_key_running')], get: [problem(409, 'idempotency_key_running'), PAYMENT] },
    'payment',
    true,
  ],
  [
    'a key that was used already leads to what became of it',
    { post: [problem(422, 'idempotency_key_reused')], get: [PAYMENT] },
    'payment',
    true,
  ],
  [
    'one “not here” is not believed: the request may be slower than the question',
    { post: [lost], get: [problem(404, 'not_found'), PAYMENT] },
    'payment',
    true,
  ],
  [
    'three are',
    { post: [lost], get: [problem(404, 'not_found'), problem(404, 'not_found'), problem(404, 'not_found')] },
    'never_arrived',
    true,
  ],
  ['offline for a while', { post: [lost], get: [lost, lost, lost, lost, lost, PAYMENT] }, 'payment', true],
])('%s', async (_what, answers, kind, isLost) => {
  const { answer, keys, wasLost } = await outcome(structuredCopy(answers));
  expect(answer.kind).toBe(kind);
  expect(wasLost).toBe(isLost);
  // Whatever happens, it is sent once by itself, under the key of the intent.
  expect(keys).toEqual([KEPT.key]);
});

test('leaving the page ends the asking', async () => {
  const abort = new AbortController();
  const { api } = server({ get: [lost] });
  const asked = askAboutCharge(api, KEPT, abort.signal);
  abort.abort(new Error('left'));
  await expect(asked).rejects.toThrow('left');
});

/** The lists are used up by answering, and the table stays as it is. */
function structuredCopy(answers: { post?: unknown[]; get?: unknown[] }) {
  return { post: [...(answers.post ?? [])], get: [...(answers.get ?? [])] };
}
