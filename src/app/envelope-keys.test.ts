import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeSecretBox } from '../foundation/secret-box.ts';
import { ConfigRefused, readConfig } from './config.ts';
import { addEnvelopeKey, envelopeKeySource, forgetOldEnvelopeKeys, readEnvelopeKeys } from './envelope-keys.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (env = {}) => readEnvelopeKeys(readConfig(['--data', folder], env));
const path = () => join(folder, 'envelope.keys');

test('the first start makes a key that only its owner may read, and the next one finds it', () => {
  const keys = read();
  expect(keys.map((key) => key.length)).toEqual([32]);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(read()).toEqual(keys);
});

test('a new first line seals from then on, and the line before still opens', () => {
  const sealed = makeSecretBox(read()).seal('a secret', 'c');
  writeFileSync(path(), `${Buffer.alloc(32, 7).toString('base64')}\n${readFileSync(path(), 'utf8')}`);
  const box = makeSecretBox(read());
  expect([box.open(sealed, 'c'), box.isCurrent(sealed)]).toEqual(['a secret', false]);
});

test('a program that runs takes up a new key, and the old one is taken out', () => {
  const config = readConfig(['--data', folder], {});
  const running = makeSecretBox(envelopeKeySource(config));
  const before = running.seal('a secret', 'c');
  addEnvelopeKey(config);
  const [added, ...others] = read();
  expect([others.length, statSync(path()).mode & 0o777]).toEqual([1, 0o600]);
  const elsewhere = makeSecretBox([added!]);
  expect(running.open(elsewhere.seal('another', 'c'), 'c')).toBe('another');
  expect([running.open(before, 'c'), elsewhere.isCurrent(running.seal('a third', 'c'))]).toEqual(['a secret', true]);
  expect([forgetOldEnvelopeKeys(config), read()]).toEqual([1, [added]]);
});

test('a file that is being written by hand, or is gone, leaves a running program the keys that it knows', () => {
  const running = makeSecretBox(envelopeKeySource(readConfig(['--data', folder], {})));
  const sealed = running.seal('a secret', 'c');
  for (const spoil of [() => writeFileSync(path(), 'half a ke'), () => rmSync(path())]) {
    spoil();
    expect([running.open(sealed, 'c'), running.isCurrent(running.seal('another', 'c'))]).toEqual(['a secret', true]);
  }
  expect(existsSync(path())).toBe(false);
});

test('keys of the environment are taken instead, in base64 or hex', () => {
  const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  expect(read({ COUNTERFOIL_ENVELOPE_KEYS: `${one.toString('base64')}, ${two.toString('hex')}` })).toEqual([one, two]);
});

test('what is no key is refused without being repeated', () => {
  const refused = () => read({ COUNTERFOIL_ENVELOPE_KEYS: 'hunter2' });
  expect(refused).toThrow(ConfigRefused);
  expect(refused).not.toThrow(/hunter2/);
  writeFileSync(path(), '\n');
  expect(() => read()).toThrow(/is empty; put its key back/);
});
