// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkst_watchdog.c - an event handler that watches for an event that stays away.
 *
 * Give it to the events that must keep coming (lkstm write), load it with timeout_ms=. Every event is recorded; when none
 * came for longer than that, the kernel log says so, once until the next one comes. It is also the example of doc/handlers.md.
 */
#include <linux/jiffies.h>
#include <linux/timer.h>
#include <lkst/handler.h>
#include "../compat/compat.h"	/* for one source that serves all kernels: timers differ */

static unsigned int timeout_ms = 1000;
module_param(timeout_ms, uint, 0644);
MODULE_PARM_DESC(timeout_ms, "milliseconds without the event until the log is told (default 1000)");

static unsigned long last_seen;
static bool armed;	/* an event came since the last complaint */
static unsigned long complaints;
module_param(complaints, ulong, 0444);
MODULE_PARM_DESC(complaints, "how often the event stayed away");

static struct timer_list timer;

/* Any context, NMI included: two stores, no more. */
static int see(struct lkst_handler *handler, unsigned int event, unsigned int units, const lkst_u64 *args)
{
	WRITE_ONCE(last_seen, jiffies);
	WRITE_ONCE(armed, true);
	return LKST_KEEP;
}

static struct lkst_handler watchdog = {
	.name = "watchdog",
	.owner = THIS_MODULE,
	.handle = see,
};

static void look(struct timer_list *t)
{
	unsigned long limit = msecs_to_jiffies(READ_ONCE(timeout_ms));

	if (READ_ONCE(armed) && time_after(jiffies, READ_ONCE(last_seen) + limit)) {
		WRITE_ONCE(armed, false);
		complaints++;
		pr_warn("lkst_watchdog: no watched event for %u ms\n", timeout_ms);
	}
	mod_timer(t, jiffies + max(limit / 4, 1UL));
}

static int __init watchdog_init(void)
{
	int err = lkst_handler_register(&watchdog);

	if (err)
		return err;
	timer_setup(&timer, look, 0);
	mod_timer(&timer, jiffies + 1);
	pr_info("lkst_watchdog: handler 0x%02x\n", watchdog.id);
	return 0;
}

static void __exit watchdog_exit(void)
{
	lkst_handler_unregister(&watchdog);
	lkst_timer_shutdown(&timer);
}

module_init(watchdog_init);
module_exit(watchdog_exit);
MODULE_LICENSE("GPL v2");
MODULE_DESCRIPTION("LKST event handler: watchdog");
