-- A charge that failed keeps what it was meant for, so that whoever tries it again pays the same invoices; it is on its
-- way to nothing any more, and its invoices are not “processing”.
ALTER TABLE intended_allocations ADD COLUMN given_up boolean NOT NULL DEFAULT false;
