// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-ksym.c - addresses of kernel symbols that are not exported.
 *
 * kallsyms_lookup_name() is not exported since 5.7, but the place of a kprobe is told. It finds one
 * name in as long as a walk through the whole table takes (before 6.2), so it is asked once, for
 * the walker.
 */
#include <linux/kprobes.h>
#include <linux/version.h>
#include "lkst.h"
#include "attach-ksym.h"

struct walk {
	struct lkst_ksym *list;
	unsigned int nr;
	/* by the two letters that names begin with: almost all symbols fail this */
	unsigned long first[65536 / BITS_PER_LONG];
};

static unsigned int two_letters(const char *name)
{
	return (u8)name[0] << 8 | (u8)name[1];
}

/* "", ".isra.0", ".constprop.3.isra.1"; a part (.cold, .part.0) is not the function. */
static bool suffix_of_clone(const char *suffix)
{
	static const char *const kind[] = { ".isra.", ".constprop." };
	unsigned int i;

	while (*suffix) {
		for (i = 0; i < ARRAY_SIZE(kind); i++)
			if (!strncmp(suffix, kind[i], strlen(kind[i])))
				break;
		if (i == ARRAY_SIZE(kind))
			return false;
		suffix += strlen(kind[i]);
		while (*suffix >= '0' && *suffix <= '9')
			suffix++;
	}
	return true;
}

static void compare(struct lkst_ksym *s, const char *name, unsigned long addr)
{
	size_t len = strlen(s->name);
	bool exact;

	if (strncmp(name, s->name, len) || !suffix_of_clone(name + len))
		return;
	exact = !name[len];
	if (exact != s->exact && s->found) {
		if (!exact)
			return;
		s->found = 0;	/* the function itself beats its clone */
	}
	s->exact = exact;
	s->addr = addr;
	s->found++;
}

static int visit(struct walk *w, const char *name, unsigned long addr)
{
	unsigned int i;

	if (!test_bit(two_letters(name), w->first))
		return 0;
	for (i = 0; i < w->nr; i++)
		compare(&w->list[i], name, addr);
	return 0;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
typedef int walk_fn(void *data, const char *name, unsigned long addr);
static int visit_symbol(void *data, const char *name, unsigned long addr)
{
	return visit(data, name, addr);
}
#else
typedef int walk_fn(void *data, const char *name, struct module *mod, unsigned long addr);
static int visit_symbol(void *data, const char *name, struct module *mod, unsigned long addr)
{
	return visit(data, name, addr);
}
#endif

/*
 * Where indirect calls must land on ENDBR, functions that the kernel never calls that way have
 * none, and calling them would be fatal. A kprobe at the entry is placed behind it.
 */
static bool callable(unsigned long *addr)
{
#ifdef CONFIG_X86_KERNEL_IBT
	u32 insn;

	if (!copy_from_kernel_nofault(&insn, (void *)(*addr - 4), 4) && insn == 0xfa1e0ff3)
		*addr -= 4;
	else if (boot_cpu_has(X86_FEATURE_IBT))
		return false;
#endif
	return true;
}

static unsigned long function_address(const char *name)
{
	struct kprobe kp = { .symbol_name = name, .flags = KPROBE_FLAG_DISABLED };
	unsigned long addr;

	if (register_kprobe(&kp))
		return 0;
	addr = (unsigned long)kp.addr;
	unregister_kprobe(&kp);
	return callable(&addr) ? addr : 0;
}

int lkst_ksym_find(struct lkst_ksym *list, unsigned int nr)
{
	int (*on_each_symbol)(walk_fn *fn, void *data) =
		(void *)function_address("kallsyms_on_each_symbol");
	struct walk *w;
	unsigned int i;

	if (!on_each_symbol)
		return -EOPNOTSUPP;
	w = kvzalloc(sizeof(*w), GFP_KERNEL);
	if (!w)
		return -ENOMEM;
	w->list = list;
	w->nr = nr;
	for (i = 0; i < nr; i++) {
		list[i].addr = list[i].found = 0;
		list[i].exact = false;
		__set_bit(two_letters(list[i].name), w->first);
	}
	on_each_symbol(visit_symbol, w);
	kvfree(w);
	return 0;
}
