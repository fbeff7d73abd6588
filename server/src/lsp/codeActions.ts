/** Mechanical ways out as code actions: listed with their title alone, their edits made when one is chosen. */
import { CodeActionKind, type CodeAction, type CodeActionParams, type TextDocumentEdit } from 'vscode-languageserver';
import type { Analysis } from '../result';
import type { Finding, Remedy, TextChange } from '../rules/finding';
import { diagnosticOf, rangeIn, type Naming } from './convert';
import type { Place } from './folders';

/** All preferred fixes of a file at once. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.livepatchStudio`;

export const codeActionKinds = [CodeActionKind.QuickFix, FIX_ALL];

/** What an action is resolved by, as the edit may have changed since it was listed: a finding and a title, a rule, or neither for all that is safe. */
interface ActionData {
  readonly uri: string;
  readonly finding?: string;
  readonly title?: string;
  readonly rule?: string;
}

type Fixable = Remedy & Required<Pick<Remedy, 'fix'>>;

export function codeActionsOf(analysis: Analysis, path: string, { textDocument: { uri }, range, context: { only } }: CodeActionParams, naming: Naming): CodeAction[] {
  const wants = (kind: string): boolean => only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
  const findings = analysis.findings.filter((finding) => finding.path === path);
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    for (const finding of findings) {
      const { start, end } = rangeIn(analysis, path, finding.range);
      if (end.line < range.start.line || start.line > range.end.line) continue;
      for (const { title, fix } of fixableIn(finding)) {
        const data: ActionData = { uri, finding: identityOf(finding), title };
        actions.push({ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnosticOf(analysis, finding, naming)], ...(fix.isPreferred === true ? { isPreferred: true } : {}), data });
      }
      const alike = findings.filter((other) => other.rule === finding.rule && fixableIn(other).length > 0);
      if (alike.length > 1 && fixableIn(finding).length > 0 && !actions.some(({ data }) => (data as ActionData).rule === finding.rule)) {
        actions.push({ title: `Mend all ${alike.length} of ${finding.rule} in this file`, kind: CodeActionKind.QuickFix, diagnostics: alike.map((other) => diagnosticOf(analysis, other, naming)), data: { uri, rule: finding.rule } satisfies ActionData });
      }
    }
  }
  // Only when it is asked for by name: it is for saving, not for the light bulb.
  if (only?.some((kind) => FIX_ALL === kind || FIX_ALL.startsWith(`${kind}.`)) === true && findings.some((finding) => fixableIn(finding).some(({ fix }) => fix.isPreferred))) {
    actions.push({ title: 'Apply all safe live patch fixes', kind: FIX_ALL, data: { uri } satisfies ActionData });
  }
  return actions;
}

/** The action with its edit; without one when the text has changed so that there is nothing left to mend. */
export function resolvedAction(action: CodeAction, analysis: Analysis, path: string, versionOf: (uri: string) => number | null, naming: Naming): CodeAction {
  const documents = new Map<string, TextDocumentEdit>();
  const taken: TextChange[] = [];
  for (const { fix } of chosen(analysis.findings.filter((finding) => finding.path === path), action.data as ActionData)) {
    // What two fixes have in common, an include say, is put in once.
    const edits = fix.edits().filter((edit) => !taken.some((other) => isSame(edit, other)));
    // Offsets in a file whose lines are not at hand have no place.
    if (edits.some(({ path: file }) => !analysis.lineStarts.has(file))) continue;
    // Two fixes of one place: the second is offered again once the first is in.
    if (edits.some((edit) => taken.some((other) => other.path === edit.path && edit.range.start <= other.range.end && other.range.start <= edit.range.end))) continue;
    for (const edit of edits) {
      taken.push(edit);
      const uri = naming.uriOf(edit.path);
      const document = documents.get(uri) ?? { textDocument: { uri, version: versionOf(uri) }, edits: [] };
      document.edits.push({ range: rangeIn(analysis, edit.path, edit.range), newText: edit.text });
      documents.set(uri, document);
    }
  }
  return documents.size === 0 ? action : { ...action, edit: { documentChanges: [...documents.values()] } };
}

function chosen(findings: readonly Finding[], { finding: wanted, title, rule }: ActionData): Fixable[] {
  if (wanted !== undefined) return findings.filter((finding) => identityOf(finding) === wanted).flatMap((finding) => fixableIn(finding).filter((one) => one.title === title)).slice(0, 1);
  if (rule !== undefined) return findings.filter((finding) => finding.rule === rule).flatMap((finding) => fixableIn(finding).slice(0, 1));
  return findings.flatMap((finding) => fixableIn(finding).filter(({ fix }) => fix.isPreferred).slice(0, 1));
}

const isSame = (one: TextChange, other: TextChange): boolean => one.path === other.path && one.range.start === other.range.start && one.range.end === other.range.end && one.text === other.text;

/** The tree's path an action belongs to. */
export const placeOfAction = (action: CodeAction, place: (uri: string) => Place | undefined): Place | undefined => place((action.data as Partial<ActionData> | undefined)?.uri ?? '');

const fixableIn = (finding: Finding): Fixable[] => finding.remedies.filter((remedy): remedy is Fixable => remedy.fix !== undefined);

/** Stays while the text above it changes. */
const identityOf = ({ rule, function: name = '', symbol = '', through = '' }: Finding): string => [rule, name, symbol, through].join(' ');
