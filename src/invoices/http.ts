import type { App } from '../workspace/door.ts';
import { registerAgeingDoor } from './http-ageing.ts';
import { registerAttachmentDoors } from './http-attachments.ts';
import { registerCatalogueDoors, registerInvoicingDoors } from './http-catalogue.ts';
import { registerDocumentDoors } from './http-documents.ts';
import { registerInvoiceDoors, registerInvoiceStepDoors } from './http-invoices.ts';
import { registerRecurringDoors } from './http-recurring.ts';
import { registerRecurringFileDoors } from './http-recurring-files.ts';
import { registerSendingDoors } from './http-sendings.ts';
import { registerStatementDoors } from './http-statement.ts';
import { registerWorkDoors, registerWorkStepDoors } from './http-work.ts';
import type { InvoicesRoom } from './make-invoices-room.ts';
import type { SendingDependencies } from './send-invoice.ts';

/** Every door of the invoices room. */
export function registerInvoicesRoom(app: App, room: InvoicesRoom, sending: SendingDependencies): void {
  registerInvoiceDoors(app, room);
  registerInvoiceStepDoors(app, room);
  registerDocumentDoors(app, room);
  registerAttachmentDoors(app, room);
  registerAgeingDoor(app, room);
  registerStatementDoors(app, room);
  registerSendingDoors(app, room, sending);
  registerRecurringDoors(app, room);
  registerRecurringFileDoors(app, room);
  registerWorkDoors(app, room);
  registerWorkStepDoors(app, room);
  registerCatalogueDoors(app, room);
  registerInvoicingDoors(app, room);
}
