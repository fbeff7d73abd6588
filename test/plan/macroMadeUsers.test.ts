/** A record's members move: functions that a macro makes and that read them have no text to follow, and are named as such. */
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
static DEVICE_ATTR_RO(name)

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
  expect(plan.objects.flatMap(({ functions }) => functions.map(({ name }) => name))).toEqual(['demo_sum']);
  expect(plan.unjudged.flatMap(({ functions }) => functions ?? [])).toEqual(['level_show', 'state_show']);
});
