import type { Picture } from '../foundation/pdf-picture.ts';
import type { AccountStatement } from './account-statement.ts';
import { drawSheet } from './draw-sheet.ts';
import { statementSheet } from './statement-sheet.ts';

/** A statement of account as a tagged PDF: of the same account and days, the same bytes. */
export function renderStatement(statement: AccountStatement, logo: Picture | null): Promise<Buffer> {
  const sheet = statementSheet(statement);
  return drawSheet(sheet, {
    logo,
    colour: statement.colour,
    country: statement.seller.country,
    locale: statement.locale,
    madeOn: statement.to,
    title: `${sheet.title} · ${sheet.customer.name} · ${sheet.business.name}`,
  });
}

/** Its name as a file. */
export function statementFileName({ from, to }: AccountStatement): string {
  return `statement-${from}-${to}.pdf`;
}
