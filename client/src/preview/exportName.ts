/** `parcel_validate`, `parcel_validate and 2 more`: a patch in a few words, for the name of a file. */
export function exportName(functions: readonly { readonly name: string }[], extension: string): string {
  const [first, ...others] = functions;
  const patch = first === undefined ? 'patch' : others.length === 0 ? first.name : `${first.name}-and-${others.length}-more`;
  // A module's function may be named `module:f`, and a compiler's `f.part.0`.
  return `livepatch-${patch.replace(/[^\w.-]+/g, '-')}.${extension}`;
}
