import { exactDecimalText, minorToJson, scaleMinor } from '../foundation/money.ts';
import { detached, maskCell } from './cell.ts';
import {
  type LineReport,
  type MoneySummary,
  REASONS,
  REPORTS_KEPT_MAX,
  type ReasonCode,
  type ReasonCount,
  type Severity,
  VALUE_DECIMALS,
} from './import.ts';

/** Value of some lines, exact at VALUE_DECIMALS places. */
export interface ExactValue {
  readonly currency: string;
  readonly exact: bigint;
}

interface CurrencyTally {
  source: bigint;
  used: bigint;
  leftOut: bigint;
  refused: bigint;
  chargeCount: number;
  chargesMinor: bigint;
  creditCount: number;
  creditsMinor: bigint;
}

/** Longest value shown in a report. */
const SHOWN_MAX = 200;

/** Counts every line and every value of a file once, on one side or the other, so that the whole can be tied out. */
export class Tally {
  linesRead = 0;
  used = 0;
  leftOut = 0;
  refused = 0;
  zeroValue = 0;
  reportsNotKept = 0;
  /** Documents that are written, where sales lines become documents. */
  readonly documents = { invoices: 0, creditNotes: 0, lines: 0, aboutSales: 0 };
  private readonly currencies = new Map<string, CurrencyTally>();
  private readonly reasons = new Map<
    string,
    { code: ReasonCode; severity: Severity; lines: number; values: Map<string, bigint> }
  >();
  private reports: LineReport[] = [];
  private reportsKept = 0;

  private of(currency: string): CurrencyTally {
    let tally = this.currencies.get(currency);
    if (!tally) {
      tally = {
        source: 0n,
        used: 0n,
        leftOut: 0n,
        refused: 0n,
        chargeCount: 0,
        chargesMinor: 0n,
        creditCount: 0,
        creditsMinor: 0n,
      };
      this.currencies.set(currency, tally);
    }
    return tally;
  }

  /** A line's value as the file states it. */
  addSource({ currency, exact }: ExactValue): void {
    this.of(currency).source += exact;
  }

  /** Lines that became part of what is written, with their exact value. */
  use(lines: number, value: ExactValue | null): void {
    this.used += lines;
    if (value) this.of(value.currency).used += value.exact;
  }

  /** A movement that is written, in minor units. */
  addMovement(kind: 'charge' | 'refund', currency: string, amountMinor: bigint): void {
    const tally = this.of(currency);
    if (kind === 'charge') {
      tally.chargeCount += 1;
      tally.chargesMinor += amountMinor;
    } else {
      tally.creditCount += 1;
      tally.creditsMinor += amountMinor;
    }
  }

  /** A document that is written, with its lines. */
  addDocument(kind: 'invoice' | 'credit_note', lines: number): void {
    if (kind === 'invoice') this.documents.invoices += 1;
    else this.documents.creditNotes += 1;
    this.documents.lines += lines;
  }

  /** Lines that are not written, with the value they state (null where it cannot be read). Only the first is told one by one. */
  drop(
    severity: 'refused' | 'left_out',
    about: { line: number; column: string; reason: ReasonCode; message?: string; value?: string },
    value: ExactValue | null,
    lines = 1,
  ): void {
    if (severity === 'refused') this.refused += lines;
    else this.leftOut += lines;
    if (value) {
      const tally = this.of(value.currency);
      if (severity === 'refused') tally.refused += value.exact;
      else tally.leftOut += value.exact;
    }
    this.report(severity, about, value, lines);
  }

  /** Something to know about a line that is written all the same. */
  note(
    about: { line: number; column: string; reason: ReasonCode; message?: string; value?: string },
    value: ExactValue | null = null,
  ): void {
    this.report('note', about, value, 1);
  }

  private report(
    severity: Severity,
    about: { line: number; column: string; reason: ReasonCode; message?: string; value?: string },
    value: ExactValue | null,
    lines: number,
  ) {
    const key = `${severity} ${about.reason}`;
    let reason = this.reasons.get(key);
    if (!reason) {
      reason = { code: about.reason, severity, lines: 0, values: new Map() };
      this.reasons.set(key, reason);
    }
    reason.lines += lines;
    if (value) reason.values.set(value.currency, (reason.values.get(value.currency) ?? 0n) + value.exact);
    if (this.reportsKept >= REPORTS_KEPT_MAX) {
      this.reportsNotKept += 1;
      return;
    }
    this.reportsKept += 1;
    this.reports.push({
      line: about.line,
      column: about.column,
      severity,
      reason: about.reason,
      message: about.message ?? `${REASONS[about.reason]}.`,
      // Detached, because a piece of a cell would keep the part of the file it was cut from until the report is written.
      value: detached(maskCell((about.value ?? '').slice(0, SHOWN_MAX))),
    });
  }

  /** Reports that takeReports() would give. */
  get waitingReports(): number {
    return this.reports.length;
  }

  /** Reports since the last call. */
  takeReports(): LineReport[] {
    const taken = this.reports;
    this.reports = [];
    return taken;
  }

  linesTie(): boolean {
    return this.linesRead === this.used + this.leftOut + this.refused;
  }

  money(): MoneySummary[] {
    return [...this.currencies]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, tally]) => {
        const unit = scaleMinor(1n, VALUE_DECIMALS, currency);
        const netMinor = tally.chargesMinor - tally.creditsMinor;
        const rounding = netMinor * unit - tally.used;
        return {
          currency,
          source: exactDecimalText(tally.source, VALUE_DECIMALS),
          chargeCount: tally.chargeCount,
          chargesMinor: minorToJson(tally.chargesMinor),
          creditCount: tally.creditCount,
          creditsMinor: minorToJson(tally.creditsMinor),
          netMinor: minorToJson(netMinor),
          leftOut: exactDecimalText(tally.leftOut, VALUE_DECIMALS),
          refused: exactDecimalText(tally.refused, VALUE_DECIMALS),
          rounding: exactDecimalText(rounding, VALUE_DECIMALS),
          // Every value on one side or the other, and no invoice rounded by more than half a minor unit.
          ties:
            tally.source === netMinor * unit - rounding + tally.leftOut + tally.refused &&
            2n * (rounding < 0n ? -rounding : rounding) <=
              unit * BigInt(tally.chargeCount + tally.creditCount + this.zeroValue),
        };
      });
  }

  reasonCounts(): ReasonCount[] {
    return [...this.reasons.values()].map(({ code, severity, lines, values }) => ({
      code,
      severity,
      lines,
      values: Object.fromEntries(
        [...values].map(([currency, exact]) => [currency, exactDecimalText(exact, VALUE_DECIMALS)]),
      ),
    }));
  }
}
