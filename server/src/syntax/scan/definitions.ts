/**
 * What ends a definition at file scope: a body, an initializer, a macro's arguments, a semicolon. Each reader writes the item down and leaves the
 * definition begun anew; it gives true when the lexer stands on a token that belongs to what follows.
 */
import { definedFunctionName } from '../macros';
import { knownMakers } from '../makers';
import { Flag, Tag } from './block';
import { Kind } from './byteLexer';
import { DOT, EQUALS, OPEN_BRACE, OPEN_BRACKET, SEMICOLON } from './characters';
import type { Context } from './context';
import type { Definition } from './definition';
import { passOver } from './passOver';
import { readMembers, skipBraces } from './records';
import { Until, readUses } from './uses';

/** Leaves what was read of a definition; the next one begins. */
export function beginDefinition(context: Context, definition: Definition): void {
  definition.begin();
  context.depth = 0;
  context.beginItem();
}

/** From a `{` at file scope. */
export function readBraces(context: Context, definition: Definition): boolean {
  if (definition.name > 0) return readBody(context, definition);
  if (definition.expects === 'record') {
    const { line } = context.lexer;
    const members = readMembers(context);
    if (definition.tag > 0) context.record(definition.tag, line, members);
    else definition.members = members;
  } else if (definition.expects === 'enum') skipBraces(context);
  // extern "C" {: its content is file scope. Else a block nobody announced: its content is read as if it were.
  else beginDefinition(context, definition);
  definition.expects = 'nothing';
  return false;
}

function readBody(context: Context, definition: Definition): boolean {
  const { lexer } = context;
  const { isMacro, nameLine } = definition;
  const name = isMacro ? madeFunction(context, definition) : definition.name;
  const flags = definition.flags | (context.conditions.count > 0 ? Flag.conditional : 0);
  context.depth = 1;
  const { tokens, line, overrun } = passOver(context, Until.brace) ?? readUses(context, lexer, Until.brace);
  if (isMacro) context.call(definition.name);
  context.item(Tag.function, name, nameLine, Math.max(0, line - nameLine), flags, tokens);
  beginDefinition(context, definition);
  return overrun;
}

/** SYSCALL_DEFINE3(read, …) { … }: the function the macro makes. */
function madeFunction(context: Context, definition: Definition): number {
  const { names, vocabulary } = context;
  const macro = names.text(definition.name);
  definition.flags |= Flag.macroMade;
  for (const attribute of knownMakers.get(macro)?.attributes ?? []) definition.flags |= vocabulary.flags[names.internText(attribute)] ?? 0;
  return names.internText(definedFunctionName(macro, definition.macroArguments.split(',').slice(0, 2)));
}

/** MACRO(…) at file scope, from its parenthesis: opens a function, defines a variable, or registers something. */
export function readMacroCall(context: Context, definition: Definition): boolean {
  const { lexer } = context;
  const from = lexer.end;
  const { bytes } = lexer;
  context.depth = 0;
  readUses(context, lexer, Until.parenthesis);
  const { line } = lexer;
  const close = lexer.start;
  const kind = lexer.next();
  if (kind === OPEN_BRACE && lexer.peek() !== DOT) {
    definition.macroArguments = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(close - from, 4096)).toString();
    return true;
  }
  const goesOn = kind !== SEMICOLON && kind !== Kind.end && kind !== Kind.directive && lexer.line === line;
  // A variable with a value: DEFINE_PER_CPU(int, x) = 3;
  const isVariable = goesOn && (kind === EQUALS || kind === OPEN_BRACE || kind === OPEN_BRACKET);
  if (goesOn && !isVariable) {
    // Something goes on behind it on the same line: an attribute nobody listed.
    definition.name = 0;
    definition.isMacro = false;
    return true;
  }
  if (isVariable) readUses(context, lexer, Until.semicolon);
  context.item(Tag.registration, definition.name, definition.nameLine);
  beginDefinition(context, definition);
  return !isVariable && kind !== SEMICOLON;
}

/** From the `=` of a variable. */
export function readInitializer(context: Context, definition: Definition): boolean {
  context.depth = 0;
  const { overrun } = passOver(context, Until.semicolon) ?? readUses(context, context.lexer, Until.semicolon);
  if (definition.last > 0) context.item(Tag.variable, definition.last, definition.lastLine);
  else context.item(Tag.variable, definition.name, definition.nameLine);
  beginDefinition(context, definition);
  return overrun;
}

/** A typedef is a record that embeds what it names. */
export function endTypedef(context: Context, definition: Definition): void {
  const { last, target, members, isPointer } = definition;
  if (last === 0 || isPointer) return;
  const embedded = members.length > 0 ? members : target > 0 && target !== last ? [target] : [];
  if (embedded.length > 0) context.record(last, definition.lastLine, embedded);
}
