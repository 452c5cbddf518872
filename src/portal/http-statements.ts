import { z } from 'zod';
import { message } from '../messages/api.ts';
import { readMessage } from '../messages/list-messages.ts';
import type { MessagesRoom } from '../messages/make-messages-room.ts';
import { type App, callerOf, idempotencyKeyOf, uuidFromAddress } from '../workspace/door.ts';
import * as api from './api.ts';
import { sendStatement } from './send-statement.ts';

/** The door by which a statement of account goes to the customer. */
export function registerStatementSendings(app: App, messages: MessagesRoom): void {
  app.post(
    '/v1/contacts/:id/statement-sendings',
    {
      config: { access: { right: 'payments.charge', switch: 'payments_and_ltv' } },
      schema: {
        tags: ['Invoices'],
        summary: 'Send a customer’s statement of account by e-mail, as PDF',
        description:
          'With an Idempotency-Key a repeated request answers with the message that the first one made; without one there is one message for each day, address and time. To the customer’s own address a link to their page goes with it.',
        operationId: 'sendStatement',
        params: z.object({ id: z.string() }),
        body: api.statementSending,
        response: { 201: message },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { headers } = request;
      const key = headers['idempotency-key'] === undefined ? null : idempotencyKeyOf({ headers });
      const contactId = uuidFromAddress('contact', request.params.id);
      const answer = await messages.database.inWorkspace(caller.workspace.id, async (tx) =>
        readMessage(tx, await sendStatement(messages, tx, caller, contactId, { ...request.body, key })),
      );
      return reply.status(201).send(answer);
    },
  );
}
