/** `simulate --sweep` as a user runs it, on machines of up to two CPUs. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { cli } from './program';

const schema = JSON.parse(readFileSync(fileURLToPath(new URL('../../docs/schemas/sweep.schema.json', import.meta.url)), 'utf8')) as object;
const validate = new Ajv({ strict: true, strictTypes: false }).compile(schema);
const sweep = (...more: readonly string[]) => cli(['simulate', '--sweep', '--cpus', '2', '--tasks', '300', '--repeat', '2', ...more]);

it('the same bytes whatever the number of threads, valid by the schema', () => {
  const [one, three] = ['1', '3'].map((jobs) => sweep('--format', 'json', '--jobs', jobs));
  expect(one).toEqual(three);
  expect(one).toMatchObject({ status: 0, stderr: '' });
  const document: unknown = JSON.parse(one?.stdout ?? '');
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(document).toMatchObject({ asked: { cpus: [1, 2], tasks: [100], crowds: [100, 300], repeat: 2 }, stops: [{ cpus: 1 }, { cpus: 2 }], crowds: [{ tasks: 100 }, { tasks: 300 }] });
});

it('a table for people, and a drawing', () => {
  expect(sweep().stdout).toMatch(/^CPUs +100 tasks\n1 +\S+ ms\n2 +\S+ ms\n/m);
  expect(sweep('--format', 'svg').stdout).toMatch(/^<svg xmlns=[^]*<\/svg>\n$/);
});
