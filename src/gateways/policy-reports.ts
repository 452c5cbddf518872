import { z } from 'zod';

/** Where browsers report what a payment page's policy stopped. */
export const POLICY_REPORTS_PATH = '/csp-reports';
/** Ends the policy of a page. */
export const REPORTING = `report-uri ${POLICY_REPORTS_PATH}; report-to policy-reports`;
/** Value of the header Reporting-Endpoints, which says what `policy-reports` is. */
export const REPORTING_ENDPOINTS = `policy-reports="${POLICY_REPORTS_PATH}"`;

const report = z.object({ 'violated-directive': z.string().max(200), 'blocked-uri': z.string().max(2_000) }).partial();

export interface PolicyReport {
  readonly directive: string | undefined;
  /** Only the origin: addresses of pages carry keys. */
  readonly blocked: string | undefined;
}

/** What a browser says, in its older and its newer way; empty for what is no report. */
export function readPolicyReport(text: string): PolicyReport {
  const said = report.safeParse(bodyOf(text));
  const { 'violated-directive': directive, 'blocked-uri': blocked } = said.success ? said.data : {};
  return { directive, blocked: originOf(blocked) };
}

function bodyOf(text: string): unknown {
  try {
    const parsed = JSON.parse(text) as unknown;
    // The newer way of reporting sends a list with other names.
    if (Array.isArray(parsed)) {
      const { effectiveDirective, blockedURL } =
        (parsed[0] as { body?: Record<string, unknown> } | undefined)?.body ?? {};
      return { 'violated-directive': effectiveDirective, 'blocked-uri': blockedURL };
    }
    return (parsed as { 'csp-report'?: unknown } | null)?.['csp-report'];
  } catch {
    return null;
  }
}

function originOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).origin : address?.slice(0, 40);
}
