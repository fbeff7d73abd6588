import { describe, expect, it } from 'vitest';
import { checkText } from '../../server/src/report/human';
import { colored, printable } from '../../server/src/report/style';
import { analysis, texts } from './analysis';

describe('check for a person', () => {
  it('verdict first, then what is replaced, then what is wrong, then the sum', () => {
    expect(checkText(analysis, { textOf: (path) => texts[path] })).toBe(`unpatchable (klp-build, Linux 6.1.192)
  fs/z.bin: holds NUL bytes

vmlinux
  + helper  changed             fs/x.c:1
  + caller  reached via helper  fs/x.c:6

y (module) – taken for a module of its own
  ! other  changed  fs/y.c:1

fs/x.c:1:12: info: helper is inlined into caller [inlined-callers]
    static int helper(void)
               ^~~~~~
    fs/x.c:6:5: into caller

fs/y.c:1:13: error: other cannot be traced [notrace]
    /* é */ int other(void)
                ^~~~~
    remedy: Patch the callers

3 functions in 2 objects; 1 error, 1 info
`);
  });

  it('says the same in color', () => {
    const text = checkText(analysis, { style: colored, textOf: (path) => texts[path] });
    expect(text).toContain('\x1b[31munpatchable\x1b[39m');
    // eslint-disable-next-line no-control-regex
    expect(text.replace(/\x1b\[\d+m/g, '')).toBe(checkText(analysis, { textOf: (path) => texts[path] }));
  });

  it('shows no line when the text is not at hand', () => {
    expect(checkText(analysis)).not.toContain('^');
  });

  it('says so when an edit changes nothing', () => {
    expect(checkText({ ...analysis, verdict: 'patchable', reasons: [], plan: { objects: [], unjudged: [] }, functions: [], findings: [] })).toBe(
      'patchable (klp-build, Linux 6.1.192)\n\n0 functions in 0 objects; no findings\n',
    );
  });

  it('lets no file name or source line steer the terminal', () => {
    expect(printable('a\x1b[2Jb\x07\tc\x9b')).toBe('a\\x1b[2Jb\\x07\tc\\x9b');
    const hostile = { ...analysis, reasons: ['\x1b]0;title\x07'] };
    // eslint-disable-next-line no-control-regex
    expect(checkText(hostile, { textOf: () => 'int \x1b[31mx;\n' })).not.toMatch(/[\x1b\x07]/);
  });
});
