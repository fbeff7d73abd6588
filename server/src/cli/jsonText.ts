/** A result as the JSON document a script reads: indented by two, and a line's end behind it. */
export const jsonText = (document: object): string => `${JSON.stringify(document, undefined, 2)}\n`;
