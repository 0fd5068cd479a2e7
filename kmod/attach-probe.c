// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-probe.c - probes made at run time: 'lkst probe add FUNCTION+OFFSET'.
 */
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include "attach.h"
#include "record.h"

struct lkst_probe {
	struct list_head list;		/* by id */
	struct kprobe kp;
	u32 id;
	u64 __percpu *hits;
	char symbol[LKST_SYMBOL_LEN];
};

static LIST_HEAD(probes);
static u32 next_id = 1;			/* not used again: old records keep their meaning */

#define MAX_PROBES	0xffff		/* what a record's 16 bits can tell apart */

static notrace int reached(struct kprobe *kp, struct pt_regs *regs)
{
	struct lkst_probe *p = container_of(kp, struct lkst_probe, kp);

	this_cpu_inc(*p->hits);
	lkst_emit(LKST_PROBE, p->id, (long)kp->addr, regs->di, regs->si, regs->dx);
	return 0;
}

static void release(struct lkst_probe *p)
{
	free_percpu(p->hits);
	kfree(p);
}

/*
 * The kernel counts an offset from the symbol on without asking where the function ends. Names may
 * be aliases of one function (system calls have several), so no name is compared, only the distance
 * with the size: "name+0x12/0x345" is how they are told.
 */
static bool inside(const struct lkst_probe *p)
{
	char text[KSYM_SYMBOL_LEN];
	unsigned long from, size;
	char *plus;

	sprint_symbol(text, (unsigned long)p->kp.addr - p->kp.offset);
	plus = strrchr(text, '+');
	if (!plus || sscanf(plus, "+%lx/%lx", &from, &size) != 2)
		return false;
	return from + p->kp.offset < size;
}

/*
 * The kernel says EINVAL of what it forbids to probe and of addresses that are no text, EILSEQ of
 * the middle of an instruction. EINVAL means bad arguments to whoever asks, so what is forbidden
 * becomes EOPNOTSUPP.
 */
static int translate(int err)
{
	return err == -EINVAL ? -EOPNOTSUPP : err;
}

/* Registered asleep: a place outside the function is refused before anything was patched. */
static int arm(struct lkst_probe *p)
{
	int err;

	p->kp.pre_handler = reached;
	p->kp.flags = KPROBE_FLAG_DISABLED;
	err = register_kprobe(&p->kp);
	if (err)
		return translate(err);
	if (!inside(p)) {
		err = -ERANGE;
		goto unregister;
	}
	err = enable_kprobe(&p->kp);
	if (err)
		goto unregister;
	return 0;

unregister:
	unregister_kprobe(&p->kp);
	return err;
}

/**
 * lkst_probe_add - put a probe on an instruction
 * @info: symbol and offset in; id out
 *
 * Process context, may sleep, lkst_control held.
 *
 * Return: 0. -ENOENT: no such function. -ERANGE: the function ends before. -EILSEQ: not where an
 * instruction begins. -EOPNOTSUPP: the kernel forbids probes there. -EINVAL: no name, or one
 * without end. -ENOSPC: no more numbers. -ENOMEM.
 */
int lkst_probe_add(struct lkst_probe_info *info)
{
	struct lkst_probe *p;
	int err;

	if (!info->symbol[0] ||
	    strnlen(info->symbol, sizeof(info->symbol)) == sizeof(info->symbol) || info->flags)
		return -EINVAL;
	if (info->offset > UINT_MAX)
		return -ERANGE;
	if (next_id > MAX_PROBES)
		return -ENOSPC;
	p = kzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	p->hits = alloc_percpu(u64);
	if (!p->hits) {
		kfree(p);
		return -ENOMEM;
	}
	strscpy(p->symbol, info->symbol, sizeof(p->symbol));
	p->kp.symbol_name = p->symbol;
	p->kp.offset = info->offset;
	p->id = next_id;
	err = arm(p);
	if (err) {
		release(p);
		return err;
	}
	next_id++;
	list_add_tail(&p->list, &probes);
	info->id = p->id;
	return 0;
}

/**
 * lkst_probe_del - take a probe away
 * @id: its number
 *
 * On return it does not run any more. Process context, may sleep, lkst_control held.
 *
 * Return: 0, -ENOENT.
 */
int lkst_probe_del(u32 id)
{
	struct lkst_probe *p;

	list_for_each_entry(p, &probes, list) {
		if (p->id != id)
			continue;
		unregister_kprobe(&p->kp);
		list_del(&p->list);
		release(p);
		return 0;
	}
	return -ENOENT;
}

/**
 * lkst_probe_next - tell of the first probe whose number is at least info->id
 * @info: id in; all out
 *
 * lkst_control held.
 *
 * Return: 0, -ENOENT.
 */
int lkst_probe_next(struct lkst_probe_info *info)
{
	struct lkst_probe *p;
	unsigned int cpu;

	list_for_each_entry(p, &probes, list) {
		if (p->id < info->id)
			continue;
		memset(info, 0, sizeof(*info));
		info->id = p->id;
		info->offset = p->kp.offset;
		info->missed = p->kp.nmissed;
		for_each_possible_cpu(cpu)
			info->hits += *per_cpu_ptr(p->hits, cpu);
		strscpy(info->symbol, p->symbol, sizeof(info->symbol));
		return 0;
	}
	return -ENOENT;
}

void lkst_probes_drop(void)
{
	struct lkst_probe *p, *next;

	list_for_each_entry_safe(p, next, &probes, list) {
		unregister_kprobe(&p->kp);
		list_del(&p->list);
		release(p);
	}
}
