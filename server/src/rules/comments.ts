/** The start of the line at `start`, above a comment that belongs to what stands there. */
export function aboveComment(text: string, start: number): number {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  if (!/\*\/[ \t]*\n$/.test(text.slice(0, line))) return line;
  const comment = text.lastIndexOf('/*', line);
  return comment < 0 ? line : text.lastIndexOf('\n', comment - 1) + 1;
}
