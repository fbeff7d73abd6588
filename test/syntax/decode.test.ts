import { describe, expect, it } from 'vitest';
import { decodeText, largestText } from '../../server/src/syntax/decode';

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

describe('bytes to text', () => {
  it.each([
    ['UTF-8', new TextEncoder().encode('/* é */\n'), { text: '/* é */\n' }],
    ['a byte order mark, dropped as VS Code does', bytes(0xef, 0xbb, 0xbf, 0x78), { text: 'x' }],
    ['CR LF, kept', bytes(0x78, 13, 10), { text: 'x\r\n' }],
    ['nothing', bytes(), { text: '' }],
    ['Latin-1, all of it', bytes(0x80, 0x9f, 0xe9), { text: '\u0080\u009f\u00e9', note: 'is not UTF-8: read as Latin-1' }],
    ['NUL', bytes(0x78, 0), { unreadable: 'holds NUL bytes: a binary file, or text in UTF-16' }],
  ])('%s', (_, input, expected) => {
    expect(decodeText(input)).toEqual(expected);
  });

  it('a file above the limit is not read', () => {
    expect(decodeText(new Uint8Array(20 * 1024 * 1024).fill(32))).toEqual({ unreadable: 'is too large: 20.0 MB, at most 8 MB are read' });
    expect(decodeText(new Uint8Array(largestText).fill(32))).toHaveProperty('text');
  });
});
