import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expectAccessible } from './journey.ts';

const PHONE = { width: 390, height: 844 };
/** Nothing is so high that it is not seen by then. */
const HEIGHT_MAX = 3_000;

/** For a whole journey; one that keeps pictures takes its time. */
export const JOURNEY_MS = process.env.COUNTERFOIL_PICTURES ? 900_000 : 120_000;

/** How much of what scrolls within the page is below its edge: it would be in no picture. */
const HIDDEN_BELOW = `Math.max(0, ...[...document.querySelectorAll('*')]
  .filter((one) => one.clientHeight > 300 && /auto|scroll/.test(getComputedStyle(one).overflowY))
  .map((one) => one.scrollHeight - one.clientHeight))`;

/**
 * Nobody stumbles over the open page. With COUNTERFOIL_PICTURES=/folder, what is seen is kept to be looked at; with
 * COUNTERFOIL_PICTURES_DARK=1 in the other colours too, and nobody may stumble over those; with
 * COUNTERFOIL_PICTURES_NARROW=1 also on a telephone.
 */
export async function look(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  const folder = process.env.COUNTERFOIL_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const size = page.viewportSize() ?? PHONE;
  const sizes = [{ which: '', size }];
  if (process.env.COUNTERFOIL_PICTURES_NARROW && size.width > PHONE.width)
    sizes.push({ which: '-narrow', size: PHONE });
  const isDark = await page.evaluate<boolean>('matchMedia("(prefers-color-scheme: dark)").matches');
  const [own, other] = isDark ? (['dark', 'light'] as const) : (['light', 'dark'] as const);
  for (const colorScheme of process.env.COUNTERFOIL_PICTURES_DARK ? [own, other] : [own]) {
    if (colorScheme === other) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
    }
    for (const { which, size } of sizes) {
      await page.setViewportSize(size);
      const hidden = await page.evaluate<number>(HIDDEN_BELOW);
      const height = Math.min(HEIGHT_MAX, size.height + hidden);
      if (hidden > 0) await page.setViewportSize({ ...size, height });
      const path = `${folder}/${name}${which}${colorScheme === own ? '' : `-${other}`}.png`;
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
    }
    await page.setViewportSize(size);
  }
  await page.emulateMedia({ colorScheme: own });
}
