import { type App, callerOf } from '../workspace/door.ts';
import * as api from './api-ageing.ts';
import { inWorkspaceOf, mayRead } from './http-context.ts';
import type { InvoicesRoom } from './make-invoices-room.ts';
import { readAgeing } from './read-ageing.ts';

/** The door of the ageing report. */
export function registerAgeingDoor(app: App, room: InvoicesRoom): void {
  app.get(
    '/v1/ageing',
    {
      config: mayRead,
      schema: {
        tags: ['Invoices'],
        summary: 'What customers owed at the end of a day, by how long it had been due',
        description:
          'Customers by the amount that was open, page by page, and the totals of each currency beside the receivables ' +
          'account they agree with. A day is one of the business’s; entries count from the day they are effective on.',
        operationId: 'readAgeing',
        querystring: api.ageingQuery,
        response: { 200: api.ageing },
      },
    },
    async (request) => inWorkspaceOf(room, callerOf(request), (tx) => readAgeing(tx, callerOf(request), request.query)),
  );
}
