import { toPublicId } from '../foundation/id.ts';
import { minorToJson } from '../foundation/money.ts';
import { type App, callerOf, uuidFromAddress } from '../workspace/door.ts';
import type { AccountStatement, StatementAccount } from './account-statement.ts';
import { AGES } from './ageing.ts';
import { idParams } from './api.ts';
import * as api from './api-statement.ts';
import { inWorkspaceOf, mayRead } from './http-context.ts';
import type { InvoicesRoom } from './make-invoices-room.ts';
import { readAccountStatement } from './read-account-statement.ts';
import { readBusinessLogo } from './read-logo.ts';
import { renderStatement, statementFileName } from './render-statement.ts';

const tags = ['Invoices'];

/** Doors of a customer's statement of account. */
export function registerStatementDoors(app: App, room: InvoicesRoom): void {
  app.get(
    '/v1/contacts/:id/statement',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'A customer’s account from one day to another: what was charged and paid, and what is open',
        description:
          'Of everybody merged into the contact too. A plain charge, which nobody was owed for, is not in it.',
        operationId: 'readStatement',
        params: idParams,
        querystring: api.statementQuery,
        response: { 200: api.accountStatement },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      return answerOf(await inWorkspaceOf(room, caller, (tx) => readAccountStatement(tx, caller, id, request.query)));
    },
  );
  app.get(
    '/v1/contacts/:id/statement.pdf',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'The same as PDF, in the customer’s language',
        operationId: 'getStatementPdf',
        params: idParams,
        querystring: api.statementQuery,
        produces: ['application/pdf'],
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      const { statement, logo } = await inWorkspaceOf(room, caller, async (tx) => ({
        statement: await readAccountStatement(tx, caller, id, request.query),
        logo: await readBusinessLogo(tx),
      }));
      return reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="${statementFileName(statement)}"`)
        .header('cache-control', 'private, no-cache')
        .serializer((body: Buffer) => body as unknown as string)
        .send(await renderStatement(statement, logo?.picture ?? null));
    },
  );
}

function answerOf(statement: AccountStatement): api.AccountStatementAnswer {
  return {
    contact: { id: statement.contactId, name: statement.contactName },
    from: statement.from,
    to: statement.to,
    accounts: statement.accounts.map(accountAnswer),
  };
}

function accountAnswer(account: StatementAccount): api.AccountStatementAnswer['accounts'][number] {
  const named = ({ id, number }: { id: string; number: string }) => ({ id: toPublicId('invoice', id), number });
  const ages = Object.fromEntries(
    AGES.map(({ key }, index) => [`${key}_minor`, minorToJson(account.ages[index]!)]),
  ) as Record<`${(typeof AGES)[number]['key']}_minor`, number>;
  return {
    currency: account.currency,
    opening_minor: minorToJson(account.openingMinor),
    closing_minor: minorToJson(account.closingMinor),
    movements: account.movements.map((movement) => ({
      on: movement.on,
      kind: movement.kind,
      reversal: movement.isReversal,
      document: movement.document && named(movement.document),
      amount_minor: minorToJson(movement.amountMinor),
      balance_minor: minorToJson(movement.balanceMinor),
    })),
    open: account.open.map((row) => ({
      document: named(row),
      issued_on: row.issuedOn,
      due_on: row.dueOn,
      open_minor: minorToJson(row.openMinor),
      overdue_minor: minorToJson(row.overdueMinor),
    })),
    ...ages,
    on_account_minor: minorToJson(account.onAccountMinor),
  };
}
