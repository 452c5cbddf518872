import type { App } from '../workspace/door.ts';
import { registerCatalogueDoors, registerInvoicingDoors } from './http-catalogue.ts';
import { registerInvoiceDoors, registerInvoiceStepDoors } from './http-invoices.ts';
import type { InvoicesRoom } from './make-invoices-room.ts';

/** Every door of the invoices room. */
export function registerInvoicesRoom(app: App, room: InvoicesRoom): void {
  registerInvoiceDoors(app, room);
  registerInvoiceStepDoors(app, room);
  registerCatalogueDoors(app, room);
  registerInvoicingDoors(app, room);
}
