import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Recent } from '../../server/src/kernel/recent';

test('holds the entries used last, and no more than it may', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.record({ key: fc.nat({ max: 9 }), isRead: fc.boolean() }), { maxLength: 60 }), (most, uses) => {
      const memory = new Recent<number, string>(most);
      let used: number[] = [];
      for (const { key, isRead } of uses) {
        if (isRead) expect(memory.get(key)).toBe(used.includes(key) ? `value ${key}` : undefined);
        else memory.set(key, `value ${key}`);
        if (!isRead || used.includes(key)) used = [...used.filter((other) => other !== key), key].slice(-most);
        expect(memory.size).toBe(used.length);
      }
      memory.clear();
      expect(memory.size).toBe(0);
    }),
  );
});
