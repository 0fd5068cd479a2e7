// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-hooks.c - the back end for kernels of the patch series: which of their hooks there are, arming those that are wanted,
 * and what they call.
 *
 * A kernel may have been built without some hooks (CONFIG_LKST_LOCKS), or be a vendor's with fewer of them: each event is
 * asked for by itself, and what is not there drops that event alone, with a reason.
 */
#include "attach-hook.h"
#include "origin.h"

static const struct lkst_hook_table *const tables[] = { &lkst_hooks_task, &lkst_hooks_irq, &lkst_hooks_mm, &lkst_hooks_io };

static lkst_hook_regs void ignore(unsigned int event, const unsigned long *args)
{
}

static lkst_hook_convert convert[LKST_NR_IDS];

static DECLARE_BITMAP(present, LKST_NR_IDS);	/* the kernel has hooks of the event */
static DECLARE_BITMAP(armed, LKST_NR_IDS);

/* Watched as long as the module is loaded: the buffers freeze then, recorded or not. */
static bool always(unsigned int event)
{
	return event == LKST_EV_OOPS || event == LKST_EV_PANIC;
}

static lkst_hook_regs void hooked(unsigned int event, const unsigned long *args)
{
	convert[event](event, args);
}

void lkst_event_words(unsigned int event, unsigned int units, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f)
{
	const u64 args[3] = { (u64)b << 32 | a, (u64)d << 32 | c, (u64)f << 32 | e };

	lkst_event(event, units, args);
}

/* ---- attaching ---- */

static void find_hooks(void)
{
	unsigned int t, i, nr = 0, found = 0;

	for (i = 0; i < LKST_NR_IDS; i++)
		convert[i] = ignore;
	for (t = 0; t < ARRAY_SIZE(tables); t++)
		for (i = 0; i < tables[t]->nr; i++) {
			const struct lkst_hooked *h = &tables[t]->row[i];

			nr++;
			convert[h->event] = h->convert;
			if (lkst_hooks_arm(h->event, 0))
				continue;
			__set_bit(h->event, present);
			found++;
		}
	printk(KERN_INFO "lkst: this kernel has hooks for %u of %u events\n", found, nr);
}

int lkst_attach_init(void)
{
	int err = lkst_hooks_attach(hooked);

	if (err) {
		pr_err("lkst: the kernel's hooks are taken by another module\n");
		return err;
	}
	find_hooks();
	lkst_attach_update(lkst_wanted());
	return 0;
}

void lkst_attach_exit(void)
{
	lkst_hooks_detach();
	bitmap_zero(armed, LKST_NR_IDS);
	lkst_hook_probes_drop();
}

void lkst_attach_update(const unsigned long *wanted)
{
	unsigned int event;
	bool left = false;

	for (event = 0; event < LKST_NR_IDS; event++) {
		bool want = always(event) || test_bit(event, wanted);

		if (!test_bit(event, present) || want == !!test_bit(event, armed))
			continue;
		lkst_hooks_arm(event, want);
		__change_bit(event, armed);
		left |= !want;
	}
	if (left)
		lkst_wait_writers();
}

/* ---- telling ---- */

int lkst_attach_state(unsigned int event, struct lkst_event_state *state)
{
	const struct lkst_origin *o = lkst_origin_of(event, state);

	if (!o)
		return -ENOENT;
	if (o->core)
		return 0;
	if (event < LKST_NR_IDS && test_bit(event, present)) {
		state->flags |= LKST_EVENT_AVAILABLE | (test_bit(event, armed) ? LKST_EVENT_ATTACHED : 0);
		scnprintf(state->source, sizeof(state->source), "hook %s", o->place);
	} else if (o->none) {
		scnprintf(state->reason, sizeof(state->reason), "%s", o->place);
	} else {
		scnprintf(state->reason, sizeof(state->reason), "this kernel was built without the hook in %s", o->place);
	}
	return 0;
}
