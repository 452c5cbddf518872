import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take half a minute and more. Where no run before has told how long each takes, a late one would keep one
 * process busy at the end while the others have nothing to do.
 */
const LONG: readonly RegExp[] = [
  /\/tests\/journeys\//,
  /\/tests\/histories\//,
  /\/tests\/crash\//,
  /\/src\/app\/cli[^/]*\.test/,
  /online-retail/,
  /conformance\.test/,
  /embedded-postgres\.test/,
  /stripe-account/,
];

/** The long files first, and each half in the order that Vitest itself would take. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((one) => one.test(moduleId));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
