// SPDX-License-Identifier: GPL-2.0-only
/*
 * failed.c - an event handler that has nothing of the source tree: of the ends of processes it keeps the failures.
 */
#include <lkst/handler.h>

static int failed(struct lkst_handler *handler, unsigned int event, unsigned int units, const lkst_u64 *args)
{
	const union lkst_args_PROCESS_EXIT *exit = (const void *)args;

	return exit->a.code ? LKST_KEEP : LKST_DROP;
}

static struct lkst_handler handler = {
	.name = "failed",
	.owner = THIS_MODULE,
	.handle = failed,
};

static int __init failed_init(void)
{
	return lkst_handler_register(&handler);
}

static void __exit failed_exit(void)
{
	lkst_handler_unregister(&handler);
}

module_init(failed_init);
module_exit(failed_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("LKST: keeps the ends of processes that failed");
