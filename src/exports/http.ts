import type { FastifyReply } from 'fastify';
import type { Database } from '../foundation/database.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { type Caller, requireRight } from '../workspace/caller.ts';
import { type App, callerOf } from '../workspace/door.ts';
import {
  exportAgeingQuery,
  exportContactsQuery,
  exportInvoicesQuery,
  exportTransactionsQuery,
  exportWorkItemsQuery,
} from './api.ts';
import { type Export, fileNameOf } from './export.ts';
import { EXPORTS } from './registry.ts';
import { streamCsv } from './stream-csv.ts';

/** Doors of the exports room. Taking data out needs its own right, beside the right to see it. */
export function registerExportsRoom(app: App, { database }: { database: Database }): void {
  const tags = ['Exports'];
  const produces = ['text/csv'];
  const send = async <Query extends { bom: 'true' | 'false' }, Row>(
    reply: FastifyReply,
    caller: Caller,
    source: Export<Query, Row>,
    query: Query,
  ) => {
    const csv = await streamCsv(database, caller, source, query);
    const { timeZone, mode } = caller.workspace;
    const fileName = fileNameOf(source.name, localDateOf(caller.now, timeZone), mode);
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${fileName}"`)
      .header('cache-control', 'no-store')
      .send(csv);
  };
  app.get(
    '/v1/exports/transactions.csv',
    {
      config: { access: { right: 'export', switch: 'payments_and_ltv' } },
      schema: {
        tags,
        produces,
        summary: 'All movements of money that a filter matches, as CSV',
        querystring: exportTransactionsQuery,
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      requireRight(caller, 'payments.read');
      return send(reply, caller, EXPORTS.transactions, request.query);
    },
  );
  app.get(
    '/v1/exports/contacts.csv',
    {
      config: { access: { right: 'export' } },
      schema: {
        tags,
        produces,
        summary: 'Contacts with what they are worth, as CSV',
        querystring: exportContactsQuery,
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      requireRight(caller, 'contacts.read');
      return send(reply, caller, EXPORTS.contacts, request.query);
    },
  );
  app.get(
    '/v1/exports/invoices.csv',
    {
      config: { access: { right: 'export', switch: 'payments_and_ltv' } },
      schema: {
        tags,
        produces,
        summary: 'All invoices, quotes or credit notes that a filter matches, as CSV',
        querystring: exportInvoicesQuery,
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      requireRight(caller, 'invoices.read');
      return send(reply, caller, EXPORTS.invoices, request.query);
    },
  );
  app.get(
    '/v1/exports/work-items.csv',
    {
      config: { access: { right: 'export', switch: 'payments_and_ltv' } },
      schema: {
        tags,
        produces,
        summary: 'All appointments and deals that a filter matches, as CSV',
        querystring: exportWorkItemsQuery,
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      requireRight(caller, 'invoices.read');
      return send(reply, caller, EXPORTS['work-items'], request.query);
    },
  );
  app.get(
    '/v1/exports/ageing.csv',
    {
      config: { access: { right: 'export', switch: 'payments_and_ltv' } },
      schema: {
        tags,
        produces,
        summary: 'What customers owed at the end of a day, by how long it had been due, as CSV',
        querystring: exportAgeingQuery,
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      requireRight(caller, 'invoices.read');
      return send(reply, caller, EXPORTS.ageing, request.query);
    },
  );
}
