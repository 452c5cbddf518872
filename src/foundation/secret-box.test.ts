import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyIdOf, makeSecretBox, maskSecret, SecretUnreadable } from './secret-box.ts';

const key = (name: string) => createHash('sha256').update(name).digest();
const old = key('old');
const current = key('current');
const box = makeSecretBox([current, old]);
const SECRET = 'sk_test_ünïcode and 日本 4711';

describe('a sealed secret', () => {
  test('opens in its own context only', () => {
    const sealed = box.seal(SECRET, 'workspace a/values');
    expect(box.open(sealed, 'workspace a/values')).toBe(SECRET);
    expect(() => box.open(sealed, 'workspace b/values')).toThrow(SecretUnreadable);
  });

  test('shows nothing of itself and is another text each time', () => {
    const [one, two] = [box.seal(SECRET, 'c'), box.seal(SECRET, 'c')];
    expect(one).not.toBe(two);
    expect(Buffer.from(one.split('.')[3]!, 'base64url').toString('latin1')).not.toContain('sk_test');
  });

  test('that was changed anywhere does not open', () => {
    const sealed = box.seal(SECRET, 'c');
    const parts = sealed.split('.');
    const flipped = (index: number) => {
      const bytes = Buffer.from(parts[index]!, 'base64url');
      return Array.from(bytes, (_byte, at) => {
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1;
        return parts.map((part, position) => (position === index ? changed.toString('base64url') : part)).join('.');
      });
    };
    for (const changed of [...flipped(2), ...flipped(3)]) {
      expect(() => box.open(changed, 'c')).toThrow(SecretUnreadable);
    }
    for (const broken of ['', 'v1', sealed.slice(0, -30), `v2${sealed.slice(2)}`]) {
      expect(() => box.open(broken, 'c')).toThrow(SecretUnreadable);
    }
  });

  test('of the key before opens while both are known, and is told from a new one', () => {
    const before = makeSecretBox([old]).seal(SECRET, 'c');
    expect(box.open(before, 'c')).toBe(SECRET);
    expect([box.isCurrent(before), box.isCurrent(box.seal(SECRET, 'c'))]).toEqual([false, true]);
    expect(() => makeSecretBox([current]).open(before, 'c')).toThrow(`the envelope key ${keyIdOf(old)}`);
  });
});

test('the words of a failure hold nothing of the secret', () => {
  const sealed = box.seal(SECRET, 'c');
  try {
    box.open(sealed, 'd');
    expect.unreachable();
  } catch (error) {
    expect(String(error)).not.toContain('sk_test');
  }
});

test.each([
  ['sk_test_51HxYzAbCdEfGh4242', 'sk_test_••••4242'],
  ['whsec_0123456789abcdef', 'whsec_••••cdef'],
  ['test_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM', 'test_••••lXsM'],
  ['abcdefghijklmnop', '••••mnop'],
  ['short', '••••'],
  ['', '••••'],
])('%j is shown as %j', (secret, shown) => {
  expect(maskSecret(secret)).toBe(shown);
});
