// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-kprobe.c - the back end for kprobes and kretprobes. The handlers and their table are in
 * attach-kp.c.
 *
 * Functions are found by one walk through the symbol table and probed by address: looking each name
 * up costs a walk of its own on the kernels before 6.2.
 */
#include <linux/kprobes.h>
#ifdef CONFIG_KRETPROBE_ON_RETHOOK
#include <linux/rethook.h>
#endif
#include "attach.h"
#include "attach-ksym.h"

unsigned long lkst_trampoline __read_mostly = ~0UL;

static bool is_function(const struct lkst_point *p)
{
	return p->kind == LKST_POINT_KPROBE || p->kind == LKST_POINT_KRETPROBE;
}

/* More than one function of a name: nobody can say which is meant. */
static void judge(struct lkst_point *p, const struct lkst_ksym *s)
{
	if (!s->found)
		lkst_point_fails(p, LKST_POINT_ABSENT,
				 "this kernel has no such function, or only inline");
	else if (s->found > 1)
		lkst_point_fails(p, LKST_POINT_ABSENT, "this kernel has %u functions of that name",
				 s->found);
	else
		p->addr = s->addr;
}

const void *lkst_functions_find(size_t *size)
{
	const void *types = NULL;
	struct lkst_ksym *list;
	struct lkst_point *p;
	unsigned int i, t, n = 3;

	lkst_for_each_point(p, t, i)
		n += is_function(p);
	list = kcalloc(n, sizeof(*list), GFP_KERNEL);
	if (!list)
		return NULL;
	list[0].name = "__start_BTF";
	list[1].name = "__stop_BTF";
	list[2].name = "arch_rethook_trampoline";
	n = 3;
	lkst_for_each_point(p, t, i)
		if (is_function(p))
			list[n++].name = p->place;
	if (lkst_ksym_find(list, n))
		goto out;
	if (list[2].found == 1)
		lkst_trampoline = list[2].addr;
	n = 3;
	lkst_for_each_point(p, t, i)
		if (is_function(p))
			judge(p, &list[n++]);
	if (list[0].found == 1 && list[1].found == 1) {
		types = (const void *)list[0].addr;
		*size = list[1].addr - list[0].addr;
	}
out:
	kfree(list);
	return types;
}

/*
 * The kernel keeps what kretprobes replaced with the task, the innermost call first: that is the one which asks. Whatever an
 * interrupt puts before it is gone again when the interrupt is over. Two kretprobes on one call share its place on the stack,
 * and the outer one found the trampoline there already.
 */
unsigned long notrace lkst_hooked_caller(void)
{
	unsigned long caller = lkst_trampoline;
#ifdef CONFIG_KRETPROBE_ON_RETHOOK
	struct llist_node *node = READ_ONCE(current->rethooks.first);

	for (; node && caller == lkst_trampoline; node = node->next)
		caller = llist_entry(node, struct rethook_node, llist)->ret_addr;
#endif
	return caller;
}

static void place(const struct lkst_point *p, struct kprobe *kp)
{
	if (p->addr)
		kp->addr = (void *)p->addr;
	else
		kp->symbol_name = p->place;
}

static int attach_kprobe(struct lkst_point *p)
{
	struct kprobe *kp = kzalloc(sizeof(*kp), GFP_KERNEL);
	int err;

	if (!kp)
		return -ENOMEM;
	place(p, kp);
	kp->pre_handler = p->probe;
	err = register_kprobe(kp);
	if (err)
		kfree(kp);
	else
		p->kp = kp;
	return err;
}

static int attach_kretprobe(struct lkst_point *p)
{
	struct kretprobe *rp = kzalloc(sizeof(*rp), GFP_KERNEL);
	int err;

	if (!rp)
		return -ENOMEM;
	place(p, &rp->kp);
	rp->handler = p->probe;
	rp->entry_handler = p->entry;
	rp->data_size = p->data_size;
	rp->maxactive = p->maxactive;
	err = register_kretprobe(rp);
	if (err)
		kfree(rp);
	else
		p->kp = rp;
	return err;
}

int lkst_kprobe_attach(struct lkst_point *p)
{
	return p->kind == LKST_POINT_KPROBE ? attach_kprobe(p) : attach_kretprobe(p);
}

/* Both arrays live in one allocation; without memory it is one by one, each with its own wait. */
void lkst_kprobes_detach(struct lkst_point **list, unsigned int nr)
{
	void **room = kcalloc(2 * nr, sizeof(*room), GFP_KERNEL);
	unsigned int i, nr_kp = 0, nr_rp = 0;

	for (i = 0; i < nr; i++) {
		if (!is_function(list[i]) || !list[i]->kp)
			continue;
		if (list[i]->kind == LKST_POINT_KPROBE) {
			if (room)
				room[nr_kp++] = list[i]->kp;
			else
				unregister_kprobe(list[i]->kp);
		} else {
			if (room)
				room[nr + nr_rp++] = list[i]->kp;
			else
				unregister_kretprobe(list[i]->kp);
		}
	}
	if (nr_kp)
		unregister_kprobes((struct kprobe **)room, nr_kp);
	if (nr_rp)
		unregister_kretprobes((struct kretprobe **)room + nr, nr_rp);
	kfree(room);
	for (i = 0; i < nr; i++) {
		if (!is_function(list[i]))
			continue;
		kfree(list[i]->kp);
		list[i]->kp = NULL;
	}
}

unsigned long lkst_kprobe_missed(const struct lkst_point *p)
{
	if (!p->kp || !is_function(p))
		return 0;
	if (p->kind == LKST_POINT_KPROBE)
		return ((const struct kprobe *)p->kp)->nmissed;
	return ((const struct kretprobe *)p->kp)->nmissed +
	       ((const struct kretprobe *)p->kp)->kp.nmissed;
}
