import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addressOf, callApi, onSignedOut } from './api-client.ts';
import { AnswerMismatch, ApiProblem, describeError, fieldErrors, NetworkFailure } from './api-problem.ts';

const answers: Record<string, { status: number; body?: unknown; text?: string }> = {
  '/contact': { status: 200, body: { id: 'con_1', name: 'Ines' } },
  '/removed': { status: 204 },
  '/refused': {
    status: 422,
    body: {
      code: 'invalid_request',
      title: 'Something is not as it should be.',
      detail: 'The amount must be more than zero.',
      retry: false,
      fields: [{ path: 'lines[0].amount', message: 'Enter more than zero.' }, 'not a field'],
    },
  },
  '/signed-out': { status: 401, body: { code: 'not_signed_in', title: 'Sign in.' } },
  '/wrong-password': { status: 401, body: { code: 'sign_in_failed', title: 'They do not go together.' } },
  '/proxy': { status: 502, text: '<h1>Bad gateway</h1>' },
};

let base = '';
let received: IncomingMessage | undefined;
const server = createServer((request, response) => {
  received = request;
  const answer = answers[request.url ?? ''];
  if (!answer) return request.socket.destroy();
  response.writeHead(answer.status, { 'Content-Type': 'application/json', ETag: '"7"' });
  response.end(answer.text ?? (answer.body === undefined ? undefined : JSON.stringify(answer.body)));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const contact = z.object({ id: z.string(), name: z.string() });
const refusalOf = (path: string) => callApi('GET', base + path).catch((error: unknown) => error);

describe('callApi', () => {
  it('answers the checked body with its ETag', async () => {
    expect(await callApi('GET', `${base}/contact`, { schema: contact })).toEqual({
      value: { id: 'con_1', name: 'Ines' },
      etag: '"7"',
    });
    expect((await callApi('DELETE', `${base}/removed`)).value).toBeUndefined();
  });

  it('names the workspace, and on writes itself, the key and what was read', async () => {
    await callApi('POST', `${base}/contact`, {
      body: { name: 'Ines' },
      workspaceId: 'wsp_1',
      idempotencyKey: 'once',
      ifMatch: '"6"',
    });
    expect(received?.headers).toMatchObject({
      'counterfoil-workspace': 'wsp_1',
      'counterfoil-client': 'web',
      'idempotency-key': 'once',
      'if-match': '"6"',
      'content-type': 'application/json',
    });
    await callApi('GET', `${base}/contact`);
    expect(received?.headers).not.toHaveProperty('counterfoil-client');
  });

  it('a refusal carries its code, its words and its fields', async () => {
    const refusal = await refusalOf('/refused');
    expect(refusal).toBeInstanceOf(ApiProblem);
    expect(refusal).toMatchObject({ status: 422, code: 'invalid_request', retry: false });
    expect(describeError(refusal)).toBe('The amount must be more than zero.');
    expect(fieldErrors(refusal)).toEqual({ 'lines.0.amount': 'Enter more than zero.' });
  });

  it('no answer, or the words of a proxy, is not a refusal', async () => {
    expect(await refusalOf('/gone-away')).toBeInstanceOf(NetworkFailure);
    expect(await refusalOf('/proxy')).toBeInstanceOf(NetworkFailure);
  });

  it('an answer of another shape is told apart from both', async () => {
    const wrong = callApi('GET', `${base}/contact`, { schema: contact.extend({ email: z.string() }) });
    await expect(wrong).rejects.toBeInstanceOf(AnswerMismatch);
  });

  it('leads to the sign-in page when the session ended, not when a password was wrong', async () => {
    let count = 0;
    onSignedOut(() => {
      count += 1;
    });
    await refusalOf('/wrong-password');
    expect(count).toBe(0);
    await refusalOf('/signed-out');
    expect(count).toBe(1);
  });
});

describe('addressOf', () => {
  it.each([
    [{}, '/v1/contacts'],
    [{ q: '', cursor: null, tag: undefined }, '/v1/contacts'],
    [{ status: ['failed', 'pending'], limit: 60 }, '/v1/contacts?status=failed&status=pending&limit=60'],
    [{ q: 'a&b c' }, '/v1/contacts?q=a%26b+c'],
  ])('%o', (query, address) => {
    expect(addressOf('/v1/contacts', query)).toBe(address);
  });
});
