/** What may come over the wire, checked to the letter: every property is known and of its kind. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';

const string = { type: 'string' };
const percent = { type: 'integer', minimum: 0, maximum: 100 };
const count = { type: 'integer', minimum: 0 };
const list = (items: object): object => ({ type: 'array', items });
const record = (required: Record<string, object>, optional: Record<string, object> = {}): object => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(required),
  properties: { ...required, ...optional },
});

const position = record({ line: count, character: count });
const range = record({ start: position, end: position });
const location = record({ uri: string, range });
const verdict = { enum: ['patchable', 'unpatchable', 'undecided'] };
const baseline = record({ choice: { anyOf: [record({ kind: { const: 'git' }, ref: string }), record({ kind: { const: 'folder' }, path: string })] }, label: string });
const finding = record({ rule: string, severity: { enum: ['error', 'warning', 'info'] }, message: { type: 'string', minLength: 10 }, uri: string, range }, { related: { type: 'array', minItems: 1, items: record({ message: string, uri: string, range }) } });
const planned = record({ name: string, uri: string, range, change: { enum: ['changed', 'added', 'removed', 'signature', 'reached'] }, via: list(string), verdict, findings: list(finding) }, { why: { type: 'string', minLength: 10 }, klpFunc: { type: 'string', pattern: '^\\{ \\.old_name = "[\\w.]+", \\.new_func = livepatch_[\\w.]+ \\},$' } });
const plan = (rest: Record<string, object>, optional: Record<string, object>): object =>
  record({ folder: string, baseline, profile: { enum: ['klp-build', 'kpatch'] }, verdict, evidence: { enum: ['source', 'symbols', 'compiler'] }, reasons: list(string), objects: list(record({ name: string, isModule: { type: 'boolean' }, functions: list(planned) }, { note: string })), findings: list(finding), ...rest }, optional);

const diagnostic = record(
  { range, severity: { enum: [1, 2, 3] }, source: { const: 'Livepatch Studio' }, code: string, message: { type: 'string', minLength: 10 } },
  { codeDescription: record({ href: string }), relatedInformation: list(record({ location, message: string })), data: { type: 'object' } },
);

const workspaceEdit = record({ documentChanges: list(record({ textDocument: record({ uri: string, version: { type: ['integer', 'null'] } }), edits: { type: 'array', minItems: 1, items: record({ range, newText: string }) } })) });
const action = record({ title: { type: 'string', minLength: 5 }, kind: { enum: ['quickfix', 'source.fixAll.livepatchStudio'] }, data: record({ uri: string, finding: string, title: string }) }, { diagnostics: list(diagnostic), isPreferred: { const: true }, edit: workspaceEdit });

const hierarchyItem = (kind: object): object => record({ name: { type: 'string', minLength: 1 }, kind, detail: { type: 'string', minLength: 3 }, uri: string, range, selectionRange: range, data: { type: 'object' } });
const callable = hierarchyItem({ const: 12 });
const embedder = hierarchyItem({ const: 23 });
const orNull = (schema: object): object => ({ anyOf: [{ type: 'null' }, schema] });
// What is in it has tests of its own (test/simulate/view.test.ts).
const trace = { type: 'object', properties: { seed: count, outcome: string, log: list({}), groups: record({ families: list({}), compact: list({}) }) }, required: ['seed', 'outcome', 'log', 'groups'] };
const places = { type: 'array', items: range, minItems: 1 };

const schemas = {
  'textDocument/diagnostic': record({ kind: { const: 'full' }, items: list(diagnostic) }),
  'textDocument/publishDiagnostics': record({ uri: string, diagnostics: list(diagnostic) }, { version: { type: 'integer' } }),
  'textDocument/codeLens': list(record({ range, command: record({ title: { type: 'string', minLength: 3 }, command: string }, { arguments: { type: 'array' } }) })),
  'textDocument/hover': { anyOf: [{ type: 'null' }, record({ contents: record({ kind: { const: 'markdown' }, value: { type: 'string', minLength: 10 } }) })] },
  'textDocument/codeAction': list(action),
  'codeAction/resolve': action,
  'livepatchStudio/plan': {
    anyOf: [plan({ state: { const: 'ready' } }, { kernelVersion: string }), plan({ state: { const: 'analyzing' } }, {}), plan({ state: { enum: ['no-tree', 'untrusted', 'no-baseline', 'failed'] }, message: { type: 'string', minLength: 10 } }, {})],
  },
  'livepatchStudio/planChanged': record({ folder: string }),
  'livepatchStudio/setBaseline': baseline,
  'livepatchStudio/baselineText': record({ text: { type: ['string', 'null'] } }, { range }),
  'livepatchStudio/simulationPart': orNull(trace),
  'livepatchStudio/simulate': { anyOf: [record({ empty: { type: 'string', minLength: 10 } }), record({ id: string, trace, systems: { type: 'array', minItems: 1, items: { type: 'object', properties: { model: string, outcome: string, curve: list({}) }, required: ['model', 'outcome', 'curve'] } }, refused: list(record({ model: string, why: { type: 'string', minLength: 10 } })), verdict, scenario: { type: 'object', properties: { systems: list(string), kernelVersion: string, cpus: count, hz: count, seed: count }, required: ['systems', 'kernelVersion', 'cpus', 'hz', 'seed'] }, offers: record({ models: list(string), workloads: list(record({ name: string, title: string, cpus: count, tasks: count })), hz: list(count), mostCpus: count }) })] },
  'livepatchStudio/exportSimulation': record({ text: { type: 'string', minLength: 100 } }),
  'livepatchStudio/report': record({ markdown: { type: 'string', minLength: 50 } }),
  'livepatchStudio/locate': { anyOf: [{ type: 'null' }, location] },
  'livepatchStudio/moduleSource': record({ source: string }),
  '$/progress': record({ token: string, value: { anyOf: [record({ kind: { const: 'begin' }, title: string }, { cancellable: { const: true }, percentage: percent }), record({ kind: { const: 'report' }, percentage: percent }), record({ kind: { const: 'end' } })] } }),
  'workspace/configuration': record({ items: list(record({ section: { const: 'livepatchStudio' } }, { scopeUri: string })) }),
  'textDocument/prepareCallHierarchy': orNull(list(callable)),
  'callHierarchy/incomingCalls': orNull(list(record({ from: callable, fromRanges: places }))),
  'callHierarchy/outgoingCalls': orNull(list(record({ to: callable, fromRanges: places }))),
  'textDocument/prepareTypeHierarchy': orNull(list(embedder)),
  'typeHierarchy/subtypes': orNull(list(embedder)),
  'typeHierarchy/supertypes': orNull(list(embedder)),
  'client/registerCapability': { type: 'object' },
  'client/unregisterCapability': record({ unregisterations: list(record({ id: string, method: string })) }),
  // Doubts about an answer; whatever else is logged is a problem.
  'window/logMessage': record({ type: { const: 2 }, message: { type: 'string', pattern: '^A hierarchy may be incomplete: .+\\.$' } }),
  'workspace/diagnostic/refresh': { type: 'null' },
  'workspace/codeLens/refresh': { type: 'null' },
  shutdown: { type: 'null' },
} as const;

const ajv = new Ajv({ strict: true, allowUnionTypes: true });
const validators = new Map(Object.entries(schemas).map(([method, schema]) => [method, ajv.compile(schema)]));

/** What is wrong with a message's content; empty when nothing is. A method without a schema is wrong as such. */
export function shapeProblems(method: string, content: unknown): string[] {
  const validate = validators.get(method);
  if (validate === undefined) return [`${method}: nobody knows this method`];
  return validate(content ?? null) ? [] : [`${method}: ${ajv.errorsText(validate.errors)}`];
}

interface Point {
  readonly line: number;
  readonly character: number;
}

/** Places named anywhere in a message whose file is not there or does not have them. `textOf` gives undefined where there is no such file. */
export function placeProblems(method: string, content: unknown, ownUri: string | undefined, textOf: (uri: string) => string | undefined): string[] {
  const problems: string[] = [];
  visit(content, ownUri);
  return problems;

  function visit(value: unknown, uri: string | undefined): void {
    if (typeof value !== 'object' || value === null) return;
    // The ranges of an incoming call are places in the caller.
    const caller = 'from' in value ? (value.from as { readonly uri: string }).uri : uri;
    // An edit's ranges are places in its document, an action's in the one it was asked for.
    const named = ['textDocument' in value ? value.textDocument : undefined, 'data' in value ? value.data : undefined, value].find((one): one is { uri: string } => typeof (one as { uri?: unknown } | undefined)?.uri === 'string');
    const here = named?.uri ?? caller;
    if ('href' in value && !existsSync(fileURLToPath(String(value.href)))) problems.push(`${method}: there is no ${String(value.href)}`);
    if ('start' in value && 'end' in value) {
      const lines = here === undefined ? undefined : textOf(here)?.split(/\r\n|\r|\n/);
      if (lines === undefined) problems.push(`${method}: a range in ${String(here)}, which is not there`);
      else for (const { line, character } of [value.start, value.end] as Point[]) if (character > (lines[line]?.length ?? -1)) problems.push(`${method}: ${line}:${character} is not in ${String(here)}`);
    } else for (const inner of Object.values(value)) visit(inner, here);
  }
}
