import { COUNTRY_CODES } from '../../../src/contacts/country.ts';
import { allCurrencies } from '../../../src/foundation/currency.ts';

interface Choice {
  value: string;
  label: string;
}

/** Languages that a customer is commonly written to in; any other tag can still come through the API. */
const LANGUAGES =
  'ar-AE bg-BG cs-CZ da-DK de-AT de-CH de-DE el-GR en-AU en-CA en-GB en-IE en-IN en-NZ en-US es-ES es-MX et-EE fi-FI fr-BE ' +
  'fr-CA fr-CH fr-FR he-IL hi-IN hr-HR hu-HU id-ID is-IS it-IT ja-JP ko-KR lt-LT lv-LV nb-NO nl-BE nl-NL pl-PL pt-BR ' +
  'pt-PT ro-RO sk-SK sl-SI sr-RS sv-SE th-TH tr-TR uk-UA vi-VN zh-CN zh-TW';

const byLabel = (a: Choice, b: Choice) => a.label.localeCompare(b.label);

function nameOf(type: 'region' | 'currency' | 'language', code: string, reader: string): string {
  try {
    return new Intl.DisplayNames(reader, { type }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** Name of a country in the reader's language: "US" → "United States". */
export function countryName(code: string, reader: string): string {
  return nameOf('region', code, reader);
}

/** "en-GB" → "British English". */
export function languageName(tag: string, reader: string): string {
  return nameOf('language', tag, reader);
}

export function countryChoices(reader: string): Choice[] {
  return COUNTRY_CODES.map((code) => ({ value: code, label: countryName(code, reader) })).sort(byLabel);
}

/** "USD – US Dollar", by code. */
export function currencyChoices(reader: string): Choice[] {
  return allCurrencies().map(({ code }) => ({ value: code, label: `${code} – ${nameOf('currency', code, reader)}` }));
}

/** Common languages, and `current` even when it is not among them. */
export function languageChoices(reader: string, current: string): Choice[] {
  const tags = new Set([...LANGUAGES.split(' '), ...(current === '' ? [] : [current])]);
  return [...tags].map((tag) => ({ value: tag, label: languageName(tag, reader) })).sort(byLabel);
}

/** IANA names as the browser knows them, and `current` even when it does not. */
export function timeZoneChoices(current: string): Choice[] {
  const names = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', ...(current === '' ? [] : [current])]);
  return [...names].map((name) => ({ value: name, label: name.replaceAll('_', ' ') })).sort(byLabel);
}
