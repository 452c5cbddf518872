import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expectAccessible } from './journey.ts';

const PHONE_WIDTH = 390;

/**
 * Nobody stumbles over the open page. With COUNTERFOIL_PICTURES=/folder, what is seen is kept to be looked at; with
 * COUNTERFOIL_PICTURES_DARK=1 in the other colours too, and nobody may stumble over those; with
 * COUNTERFOIL_PICTURES_NARROW=1 as wide as a telephone too.
 */
export async function look(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  const folder = process.env.COUNTERFOIL_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const keep = (which: string) =>
    page.screenshot({ path: `${folder}/${name}${which}.png`, fullPage: true, animations: 'disabled' });
  await keep('');
  const size = page.viewportSize();
  const isWide = size !== null && size.width > PHONE_WIDTH;
  const keepNarrow = async (which: string) => {
    if (!process.env.COUNTERFOIL_PICTURES_NARROW || !isWide) return;
    await page.setViewportSize({ ...size, width: PHONE_WIDTH });
    await keep(`${which}-narrow`);
    await page.setViewportSize(size);
  };
  await keepNarrow('');
  if (!process.env.COUNTERFOIL_PICTURES_DARK) return;
  const isDark = await page.evaluate<boolean>('matchMedia("(prefers-color-scheme: dark)").matches');
  await page.emulateMedia({ colorScheme: isDark ? 'light' : 'dark' });
  await expectAccessible(page);
  await keep(isDark ? '-light' : '-dark');
  await keepNarrow(isDark ? '-light' : '-dark');
  await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
}
