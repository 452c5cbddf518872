import type { Clock } from '../foundation/clock.ts';
import { makeAttemptLimit } from '../workspace/attempt-limit.ts';
import type { App } from '../workspace/door.ts';
import { POLICY_REPORTS_PATH, readPolicyReport } from './policy-reports.ts';

/** A browser's report is short; what is longer is not one. */
const REPORT_BYTES_MAX = 16_384;
/** Of one address: a page that is tampered with reports a few times, and a script must not fill the log. */
const REPORTS_MAX = 60;
const WINDOW_MS = 10 * 60_000;

/** Takes what browsers report of pages for customers: each is counted and written into the log, without any key. */
export function registerPolicyReports(app: App, clock: Clock): void {
  app.register(async (doors) => {
    const limit = makeAttemptLimit(REPORTS_MAX, WINDOW_MS);
    let count = 0;
    for (const mime of ['application/csp-report', 'application/reports+json']) {
      doors.addContentTypeParser(mime, { parseAs: 'string', bodyLimit: REPORT_BYTES_MAX }, (_request, body, done) => {
        done(null, body);
      });
    }
    doors.post(
      POLICY_REPORTS_PATH,
      { config: { access: { public: true } }, schema: { hide: true } },
      async (request, reply) => {
        if (!limit.allows(request.ip, clock.now())) return reply.code(429).send();
        count += 1;
        request.log.warn(
          { ...readPolicyReport(String(request.body)), count },
          'a browser stopped something on a payment page',
        );
        return reply.code(204).send();
      },
    );
  });
}
