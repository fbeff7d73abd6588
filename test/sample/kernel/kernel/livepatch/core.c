// SPDX-License-Identifier: MIT
/*
 * The list of live patches this kernel has loaded. The sample only keeps
 * their names.
 */
#include <linux/list.h>
#include <linux/module.h>
#include <linux/spinlock.h>

struct klp_note {
	struct list_head	list;
	const char		*name;
	bool			enabled;
};

static LIST_HEAD(klp_notes);
static DEFINE_SPINLOCK(klp_lock);

int klp_note_add(struct klp_note *note);
unsigned int klp_count_enabled(void);

int klp_note_add(struct klp_note *note)
{
	if (!note->name)
		return -EINVAL;

	spin_lock(&klp_lock);
	list_add_tail(&note->list, &klp_notes);
	note->enabled = true;
	spin_unlock(&klp_lock);
	return 0;
}
EXPORT_SYMBOL_GPL(klp_note_add);

unsigned int klp_count_enabled(void)
{
	struct klp_note *note;
	unsigned int nr = 0;

	spin_lock(&klp_lock);
	list_for_each_entry(note, &klp_notes, list) {
		if (note->enabled)
			nr++;
	}
	spin_unlock(&klp_lock);
	return nr;
}
