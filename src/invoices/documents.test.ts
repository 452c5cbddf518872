import { expect, test } from 'vitest';
import { makeContact } from '../../tests/setup/money.ts';
import { readPdf } from '../../tests/setup/pdf.ts';
import { testServer } from '../../tests/setup/server.ts';
import type { Invoice } from './api.ts';

const server = await testServer();
const workspace = await server.workspace({ currency: 'EUR', timeZone: 'Europe/Berlin' });
const as = workspace.apiKey;
const contact = await makeContact(server, workspace);
const get = (url: string) => server.app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${as}` } });
const write = async (issue: boolean) => {
  const lines = [{ name: 'Beratung & Analyse', quantity: '2.5', unit_price: '80.00' }];
  const body = { contact_id: contact, currency: 'EUR', lines, issue };
  return (await server.call<Invoice>('POST', '/v1/invoices', { as, body })).body;
};

test('the PDF of a draft shows what the issued one will, but for number and mark; the issued one is always the same bytes', async () => {
  const draft = await write(false);
  const preview = await get(`/v1/invoices/${draft.id}/document.pdf`);
  expect([preview.statusCode, preview.headers['content-type']]).toEqual([200, 'application/pdf']);
  await server.call('POST', `/v1/invoices/${draft.id}/issuance`, { as, body: {} });
  const issued = await get(`/v1/invoices/${draft.id}/document.pdf`);
  const again = await get(`/v1/invoices/${draft.id}/document.pdf`);
  expect(issued.rawPayload.equals(again.rawPayload)).toBe(true);
  expect(issued.rawPayload.length).toBeLessThan(100_000);
  expect(issued.headers['content-disposition']).toContain('INV-2026-0001.pdf');
  const [before, after] = [await readPdf(preview.rawPayload), await readPdf(issued.rawPayload)].map(({ text }) => text);
  for (const words of ['Beratung & Analyse', '200.00']) {
    expect(before).toContain(words);
    expect(after).toContain(words);
  }
  expect(after).toContain('INV-2026-0001');
  expect(before).not.toContain('INV-2026-0001');
});

test('an e-invoice says what is missing and where, and is written when nothing is; a hybrid carries the same data', async () => {
  const incomplete = await write(true);
  const refused = await server.call<{ code: string; fields: { path: string }[] }>(
    'GET',
    `/v1/invoices/${incomplete.id}/document.xml`,
    { as },
  );
  expect([refused.status, refused.body.code]).toEqual([422, 'e_invoice_incomplete']);
  expect(refused.body.fields.map(({ path }) => path)).toContain('seller.country');
  const seller = { line1: 'Hafen 1', city: 'Berlin', postal_code: '10115', country: 'DE', tax_id: 'DE123456789' };
  await server.call('PATCH', '/v1/invoicing', { as, body: { seller } });
  const billing = { line1: 'Am Markt 2', city: 'Hamburg', postal_code: '20095' };
  await server.call('PATCH', `/v1/contacts/${contact}`, { as, body: { country: 'DE', billing } });
  await server.call('POST', '/v1/taxes', { as, body: { code: 'UST19', label: 'USt 19 %', rate: '19' } });
  const lines = [{ name: 'Beratung', quantity: '2', unit_price: '100', taxes: ['UST19'] }];
  const body = { contact_id: contact, currency: 'EUR', lines, issue: true };
  const complete = (await server.call<Invoice>('POST', '/v1/invoices', { as, body })).body;
  const xml = await get(`/v1/invoices/${complete.id}/document.xml`);
  expect(xml.statusCode).toBe(200);
  expect(xml.body).toContain('<cbc:PayableAmount currencyID="EUR">238.00</cbc:PayableAmount>');
  const hybrid = await get(`/v1/invoices/${complete.id}/document.pdf?form=hybrid`);
  expect(hybrid.statusCode).toBe(200);
  expect(hybrid.rawPayload.includes('factur-x.xml')).toBe(true);
  expect(hybrid.rawPayload.includes('urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#')).toBe(true);
  const draft = await write(false);
  expect((await get(`/v1/invoices/${draft.id}/document.xml`)).statusCode).toBe(409);
});
