/** Character codes, which characters make words, and the hash of words: what all of the scanner counts in. */

export const TAB = 9, LF = 10, CR = 13, SPACE = 32, QUOTE = 34, HASH = 35, AMPERSAND = 38, APOSTROPHE = 39, OPEN_PAREN = 40, CLOSE_PAREN = 41, STAR = 42, COMMA = 44, MINUS = 45, DOT = 46, SLASH = 47, ZERO = 48;
export const COLON = 58, SEMICOLON = 59, EQUALS = 61, GREATER = 62, OPEN_BRACKET = 91, BACKSLASH = 92, CLOSE_BRACKET = 93, OPEN_BRACE = 123, CLOSE_BRACE = 125;

/** 1 starts and continues a word, 2 (digits) continues one. */
export const WORD = new Uint8Array(256);
for (let code = 65; code <= 90; code += 1) WORD[code] = WORD[code + 32] = 1;
WORD[95] = WORD[36] = 1;
for (let code = 48; code <= 57; code += 1) WORD[code] = 2;
for (let code = 128; code < 256; code += 1) WORD[code] = 1;

/** FNV-1a, 32 bits: the hash of every identifier here. */
export const HASH_BASIS = 0x811c9dc5 | 0;
export const HASH_PRIME = 0x01000193;
