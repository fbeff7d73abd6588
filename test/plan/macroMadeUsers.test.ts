/** A record's members move: functions that a macro makes and that read them are planned, too; those that do not read them are not. */
import { expect, it } from 'vitest';
import { analyze } from '../../server/src/analysis';
import { memoryHost } from '../support/memoryHost';

const text = (member: string): string => `struct demo_device {
${member}	int level;
	int state;
};

#define demo_attribute(name) \\
static long name##_show(struct demo_device *device, char *buffer) \\
{ \\
	return print_level(buffer, device->name); \\
} \\
static long name##_store(struct demo_device *device, const char *buffer) \\
{ \\
	return parse_level(buffer); \\
} \\
static DEVICE_ATTR_RW(name)

demo_attribute(level);
demo_attribute(state);

long demo_sum(struct demo_device *device)
{
	return device->level + device->state;
}
`;

it('names them', async () => {
  const tree = new Map([['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\n'], ['Kbuild', 'obj-y += demo.o\n'], ['demo.c', text('')]]);
  const { plan } = await analyze([{ path: 'demo.c', before: text(''), after: text('\tlong flags;\n') }], { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: '6.1.192' });
  expect(plan.objects.flatMap(({ functions }) => functions.map(({ name }) => name))).toEqual(['level_show', 'state_show', 'demo_sum']);
  expect(plan.unjudged).toEqual([]);
});
