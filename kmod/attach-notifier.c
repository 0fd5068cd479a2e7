// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-notifier.c - what the kernel announces on its own: exceptions, oopses and the panic.
 *
 * Oops and panic are watched as long as the module is loaded: the buffers freeze then, recorded or
 * not. Exceptions are a separate entry in the same chain, so that nobody pays for them who did not
 * ask.
 */
#include <linux/kdebug.h>
#include <linux/notifier.h>
#include <linux/version.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
#include <linux/panic_notifier.h>
#endif
#include <asm/traps.h>
#include "attach.h"
#include "record.h"

/*
 * do_error_trap() and the handlers of single traps announce DIE_TRAP, int3 and debug have their own
 * names. Breakpoints of kprobes and of text patching are served before the chain is called and do
 * not show up.
 */
static notrace int exception(struct notifier_block *nb, unsigned long what, void *data)
{
	const struct die_args *die = data;
	unsigned long ip;

	if (!die->regs)
		return NOTIFY_DONE;
	ip = die->regs->ip;
	switch (what) {
	case DIE_TRAP:
		lkst_emit(EXCEPTION_ENTRY, die->trapnr, ip);
		break;
	case DIE_INT3:
		/* the processor has left the breakpoint's byte behind */
		lkst_emit(EXCEPTION_ENTRY, X86_TRAP_BP, ip - 1);
		break;
	case DIE_DEBUG:
		lkst_emit(EXCEPTION_ENTRY, X86_TRAP_DB, ip);
		break;
	case DIE_GPF:
		lkst_emit(EXCEPTION_ENTRY, X86_TRAP_GP, ip);
		break;
	}
	return NOTIFY_DONE;
}

static notrace int oops(struct notifier_block *nb, unsigned long what, void *data)
{
	const struct die_args *die = data;

	if (what != DIE_OOPS)
		return NOTIFY_DONE;
	lkst_emit(OOPS, die->regs ? die->regs->ip : 0, die->err);
	lkst_freeze(LKST_FROZEN, "the kernel had an oops");
	return NOTIFY_DONE;
}

static notrace int panicked(struct notifier_block *nb, unsigned long what, void *data)
{
	lkst_emit(PANIC, 0);
	lkst_panicked();
	return NOTIFY_DONE;
}

/* First in their chains: others may stop them, or not come back. */
static struct notifier_block exception_block = { .notifier_call = exception, .priority = INT_MAX };
static struct notifier_block oops_block = { .notifier_call = oops, .priority = INT_MAX };
static struct notifier_block panic_block = { .notifier_call = panicked, .priority = INT_MAX };

#define LKST_NOTIFIER(NAME, chain, block, ...) {			\
	.event = LKST_EV_##NAME, .kind = LKST_POINT_NOTIFIER,		\
	.place = chain, .probe = &block, __VA_ARGS__ }

static struct lkst_point rows[] = {
	LKST_NOTIFIER(EXCEPTION_ENTRY, "die chain", exception_block),
	LKST_NOTIFIER(OOPS, "die chain", oops_block, .always = true),
	LKST_NOTIFIER(PANIC, "panic chain", panic_block, .always = true),
};
LKST_POINTS(lkst_points_notifier, rows);

int lkst_notifier_attach(struct lkst_point *p)
{
	if (p->event == LKST_EV_PANIC)
		return atomic_notifier_chain_register(&panic_notifier_list, p->probe);
	return register_die_notifier(p->probe);
}

/* Both wait until nobody is inside. */
void lkst_notifier_detach(struct lkst_point *p)
{
	if (p->event == LKST_EV_PANIC)
		atomic_notifier_chain_unregister(&panic_notifier_list, p->probe);
	else
		unregister_die_notifier(p->probe);
}
