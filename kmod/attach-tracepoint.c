// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-tracepoint.c - the back end for tracepoints. Most are not exported, but all of the
 * kernel's can be walked over by name, and those of modules are announced when the module comes and
 * goes. The probes are in attach-tp-*.c.
 */
#include <linux/tracepoint.h>
#include "attach.h"

static void match(struct tracepoint *tp, void *unused)
{
	struct lkst_point *p;
	unsigned int i, t;

	lkst_for_each_point(p, t, i)
		if (p->kind == LKST_POINT_TRACEPOINT && !strcmp(p->place, tp->name))
			p->tp = tp;
}

void lkst_tracepoints_find(void)
{
	struct lkst_point *p;
	unsigned int i, t;

	for_each_kernel_tracepoint(match, NULL);
	lkst_for_each_point(p, t, i)
		if (p->kind == LKST_POINT_TRACEPOINT && !p->tp)
			lkst_point_fails(p, LKST_POINT_ABSENT,
					 "this kernel has no such tracepoint");
}

int lkst_tracepoint_attach(struct lkst_point *p)
{
	return tracepoint_probe_register(p->tp, p->probe, NULL);
}

void lkst_tracepoint_detach(struct lkst_point *p)
{
	tracepoint_probe_unregister(p->tp, p->probe, NULL);
}

void lkst_tracepoints_wait(void)
{
	tracepoint_synchronize_unregister();
}

#ifdef CONFIG_MODULES
static int module_moves(struct notifier_block *nb, unsigned long action, void *data)
{
	struct module *mod = ((struct tp_module *)data)->mod;
	unsigned int i;

	for (i = 0; i < mod->num_tracepoints; i++) {
		struct tracepoint *tp = tracepoint_ptr_deref(&mod->tracepoints_ptrs[i]);

		if (action == MODULE_STATE_COMING)
			lkst_attach_tracepoint_came(tp);
		else if (action == MODULE_STATE_GOING)
			lkst_attach_tracepoint_goes(tp);
	}
	return NOTIFY_OK;
}

static struct notifier_block module_block = { .notifier_call = module_moves };

int lkst_tracepoints_watch(void)
{
	return register_tracepoint_module_notifier(&module_block);
}

/* The kernel tells GOING of each module that is there: what they had is detached on return. */
void lkst_tracepoints_unwatch(void)
{
	unregister_tracepoint_module_notifier(&module_block);
}
#endif
