// SPDX-License-Identifier: GPL-2.0-only
/*
 * proc.c - /proc/lkst_etypes: the events of this kernel and their attributes, as LKST 2.1 showed them.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

#include "lkst.h"

#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning)	{ id, #NAME, #group, #set },
static const struct {
	unsigned short id;
	const char *name, *group, *set;
} etypes[] = {
#include <lkst/events.def>
};
#undef LKST_EVENT

static int show(struct seq_file *file, void *unused)
{
	struct lkst_event_state state;
	unsigned int i;

	seq_puts(file, "# event_type event_name group maskset state source\n");
	mutex_lock(&lkst_control);
	for (i = 0; i < ARRAY_SIZE(etypes); i++) {
		memset(&state, 0, sizeof(state));
		lkst_attach_state(etypes[i].id, &state);
		seq_printf(file, "0x%03x %s %s %s %s %s\n", etypes[i].id, etypes[i].name, etypes[i].group, etypes[i].set,
			   state.flags & LKST_EVENT_ATTACHED ? "attached" :
			   state.flags & LKST_EVENT_AVAILABLE ? "available" : "missing",
			   state.flags & LKST_EVENT_AVAILABLE ? state.source : state.reason);
	}
	mutex_unlock(&lkst_control);
	return 0;
}

int lkst_proc_init(void)
{
	return proc_create_single("lkst_etypes", 0444, NULL, show) ? 0 : -ENOMEM;
}

void lkst_proc_exit(void)
{
	remove_proc_entry("lkst_etypes", NULL);
}
