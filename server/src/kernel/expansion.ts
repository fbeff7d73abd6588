/** Macros with parameters in constant expressions: the replacement with the arguments in their places (C11 6.10.3). */

export interface CalledMacro {
  readonly parameters: readonly string[];
  readonly body: string;
}

/** Undefined when the call does not fit, or turns an argument into a string. */
export function expand({ parameters, body }: CalledMacro, argument: string): string | undefined {
  const given = splitArguments(argument);
  if (given.length !== parameters.length || /(^|[^#])#([^#]|$)/.test(body)) return undefined;
  const values = new Map(parameters.map((name, index) => [name, given[index] ?? '']));
  return body.replace(/[A-Za-z_]\w*/g, (word) => values.get(word) ?? word).replace(/\s*##\s*/g, '');
}

/** The arguments of a call, told apart by the commas that stand in no parentheses. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '(' || character === '[' || character === '{') depth += 1;
    else if (character === ')' || character === ']' || character === '}') depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  return [...parts, text.slice(start).trim()];
}
