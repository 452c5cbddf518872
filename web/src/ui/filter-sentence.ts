import { formatMinor } from '../../../src/foundation/money.ts';
import { calendarDate } from './relative-date.ts';

/** What can be filtered by. Values are plain JSON, so that they fit into an address. */
export type FilterField =
  | {
      id: string;
      label: string;
      kind: 'choice';
      choices: readonly { value: string; label: string }[];
      isSingle?: boolean;
    }
  | { id: string; label: string; kind: 'text'; placeholder?: string; isExact?: boolean }
  | { id: string; label: string; kind: 'dates'; presets?: readonly { label: string; from: string; to: string }[] }
  /** One of very many: found by typing instead of chosen from a list. */
  | {
      id: string;
      label: string;
      kind: 'record';
      search: (text: string, signal: AbortSignal) => Promise<readonly { id: string; name: string; detail?: string }[]>;
    }
  | { id: string; label: string; kind: 'amounts'; currencies: readonly string[] };

export type FilterValue =
  | { kind: 'choice'; any: readonly string[] }
  | { kind: 'text'; text: string }
  | { kind: 'record'; id: string; name: string }
  /** Calendar dates, both included, in the workspace's time zone. */
  | { kind: 'dates'; from?: string; to?: string }
  /** Whole minor units, both included. */
  | { kind: 'amounts'; currency: string; minMinor?: number; maxMinor?: number };

export type FilterValues = Readonly<Record<string, FilterValue>>;

/** Whether the value would let everything through. */
export function isEmptyFilter(value: FilterValue): boolean {
  switch (value.kind) {
    case 'choice':
      return value.any.length === 0;
    case 'text':
      return value.text.trim() === '';
    case 'record':
      return value.id === '';
    case 'dates':
      return !value.from && !value.to;
    case 'amounts':
      return value.minMinor === undefined && value.maxMinor === undefined && value.currency === '';
  }
}

/** The chip's words: "Status is failed or pending". A field without a value yet reads as its label. */
export function sentenceOf(field: FilterField, value: FilterValue | undefined, locale: string): string {
  if (!value || value.kind !== field.kind) return field.label;
  switch (value.kind) {
    case 'choice': {
      const choices = field.kind === 'choice' ? field.choices : [];
      const words = value.any.map((one) => choices.find((choice) => choice.value === one)?.label ?? one);
      return `${field.label} is ${new Intl.ListFormat('en', { type: 'disjunction' }).format(words)}`;
    }
    case 'text':
      return `${field.label} ${field.kind === 'text' && field.isExact ? 'is' : 'has'} “${value.text}”`;
    case 'record':
      return `${field.label} is ${value.name}`;
    case 'dates':
      return `${field.label} is ${datesInWords(value.from, value.to, locale)}`;
    case 'amounts':
      return `${field.label} is ${amountsInWords(value, locale)}`;
  }
}

function datesInWords(from: string | undefined, to: string | undefined, locale: string): string {
  if (from && to) {
    return from === to ? calendarDate(from, locale) : `${calendarDate(from, locale)} to ${calendarDate(to, locale)}`;
  }
  return from ? `since ${calendarDate(from, locale)}` : `until ${calendarDate(to ?? '', locale)}`;
}

function amountsInWords(value: { currency: string; minMinor?: number; maxMinor?: number }, locale: string): string {
  const { currency, minMinor, maxMinor } = value;
  const money = (amountMinor: number) => formatMinor(amountMinor, currency, locale);
  if (minMinor !== undefined && maxMinor !== undefined) {
    return minMinor === maxMinor ? money(minMinor) : `${money(minMinor)} to ${money(maxMinor)}`;
  }
  if (minMinor !== undefined) return `${money(minMinor)} or more`;
  if (maxMinor !== undefined) return `${money(maxMinor)} or less`;
  return `in ${currency}`;
}
