/** The way out for a function that holds edited code and cannot be replaced: it keeps the old code, and the others get a copy of the new. */
import type { PlannedFunction } from '../plan/plan';
import { unitOf } from '../plan/unit';
import type { FileFacts } from '../syntax/facts';
import type { Fix, Remedy } from './finding';
import { isIrreplaceable } from './functions/irreplaceable';
import { changedHelper, privateCopies, type Helper, type HelperUser } from './privateCopy';
import { plannedFunctions, type RuleContext } from './rule';

/** More files are not for a fix to change. */
const MOST_FILES = 8;

/** How a reached function that cannot be replaced is kept as it is. */
export function leftAlone(context: RuleContext, planned: PlannedFunction): Remedy {
  const { name, via: [edited] } = planned;
  if (edited?.kind === 'line') return { kind: 'build-option', title: `Have kpatch-build ignore it: KPATCH_IGNORE_FUNCTION(${name})` };
  const fix = copiesForOthers(context, planned);
  return { kind: 'patch-callers', title: `Give the other callers of ${edited?.name ?? name} a copy under a new name and leave ${name} alone`, ...(fix === undefined ? {} : { fix }) };
}

/** Undefined where somebody uses the helper through another, whose text would have to be there twice as well. */
function copiesForOthers(context: RuleContext, planned: PlannedFunction): Fix | undefined {
  const [edited, ...through] = planned.via;
  const helper = edited === undefined || through.length > 0 ? undefined : changedHelper(context, edited.path, edited.name);
  if (helper === undefined) return undefined;
  const isKept = (one: Pick<PlannedFunction, 'path' | 'fact'>): boolean => (one.path === planned.path && one.fact.name === planned.name) || isIrreplaceable(context, one);
  const holders = plannedFunctions(context.plan).filter(({ via: [first] }) => first?.name === helper.name && first.path === helper.path);
  if (isInTooMany(holders) || holders.some((holder) => holder.via.length > 1 && isKept(holder))) return undefined;
  const users = directUsers(context, helper)?.filter((user) => !isKept(user));
  return users === undefined ? undefined : privateCopies(context, helper, users);
}

/** The functions of .c files that use the helper; undefined where something else does, or where not all are known. */
export function directUsers(context: RuleContext, helper: Helper): HelperUser[] | undefined {
  const { path, name } = helper;
  const own = context.versions.get(path)?.after;
  if (own === undefined) return undefined;
  const ofHeader = path.endsWith('.h');
  const answer = ofHeader ? context.knowledge.ask({ kind: 'users', word: name, from: path, of: path }) : undefined;
  if (ofHeader && (answer === undefined || answer.incomplete !== undefined)) return undefined;
  const files = new Map([...(answer?.files ?? []).map((file): [string, FileFacts] => [file.path, context.versions.get(file.path)?.after ?? file.facts]), [path, own]]);
  const users: HelperUser[] = [];
  for (const [file, facts] of files) {
    const direct = usersIn(file, facts, helper);
    if (direct === undefined) return undefined;
    users.push(...direct);
  }
  return isInTooMany(users) ? undefined : users;
}

const isInTooMany = (functions: readonly { readonly path: string }[]): boolean => new Set(functions.map(({ path }) => path)).size > MOST_FILES;

function usersIn(path: string, facts: FileFacts, { kind, name }: Helper): HelperUser[] | undefined {
  const unit = unitOf(facts);
  const callers = kind === 'function' ? unit.callersOf(name) : unit.usersOfMacro(name);
  const isUsedOtherwise = unit.macrosOver(name).length > 0 || unit.generatedFrom(name).length > 0 || (kind === 'function' && unit.isAddressTaken(name));
  if (isUsedOtherwise || (callers.length > 0 && !path.endsWith('.c'))) return undefined;
  return callers.map(({ caller }) => ({ path, facts, fact: caller }));
}
