// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-hook-probe.c - probes made at run time: 'lkst probe add FUNCTION+OFFSET', by the kprobes of 2.6.9.
 *
 * Those ask nothing: whatever address they are given gets a breakpoint. So it is checked here that the place lies in a function
 * of the kernel proper, is where an instruction begins, that stepping over a copy of it works, and that the way to our handler
 * does not lead through it. Nothing is exported that finds a function by its name, so /proc/kallsyms is read.
 */
#include <linux/config.h>
#include "attach-hook.h"

#ifdef CONFIG_KPROBES
#include <linux/kprobes.h>
#include "attach-hook-forbidden.h"
#include "attach-hook-hold.h"
#include "attach-hook-insn.h"

#define MAX_PROBES	32

/* In the module itself, for kprobes execute the copy that is in struct kprobe: where there is NX, kmalloc() memory has it. */
static struct probe {
	struct kprobe kp;
	u32 id;			/* 0: free */
	u32 offset;
	unsigned long hits;	/* one at a time: 2.6.9 holds a lock around handlers */
	char symbol[LKST_SYMBOL_LEN];
} probes[MAX_PROBES];

static u32 next_id = 1;		/* not used again: old records keep their meaning */
#define LAST_ID		0xffff	/* what a record's 16 bits can tell apart */

/*
 * At a function's entry its arguments, by whichever convention the kernel was built; else the registers that could be them.
 * The trap pushed no stack pointer: it points to where that would be.
 */
static int reached(struct kprobe *kp, struct pt_regs *regs)
{
	struct probe *p = container_of(kp, struct probe, kp);
#ifndef CONFIG_REGPARM
	const unsigned long *stack = (const unsigned long *)&regs->esp;
#endif

	p->hits++;
#ifndef CONFIG_REGPARM
	if (!p->offset) {
		lkst_emit(LKST_PROBE, p->id, (unsigned long)kp->addr, stack[1], stack[2], stack[3]);
		return 0;
	}
#endif
	lkst_emit(LKST_PROBE, p->id, (unsigned long)kp->addr, (unsigned long)regs->eax, (unsigned long)regs->edx,
		  (unsigned long)regs->ecx);
	return 0;
}

/* ---- the function ---- */

struct function {
	unsigned long start;
	unsigned long end;
};

/* One line of /proc/kallsyms, which is in the order of addresses. Returns 1 when all is known. */
static int look_at_line(const char *line, const char *name, struct function *f)
{
	char *rest;
	unsigned long addr = simple_strtoul(line, &rest, 16);

	if (rest[0] != ' ' || !rest[1] || rest[2] != ' ')
		return 0;
	if (f->start && (addr > f->start || strchr(rest, '['))) {
		f->end = strchr(rest, '[') ? 0 : addr;
		return 1;
	}
	/* "c0112233 T name": modules have a third word, and may go. */
	if (!f->start && (rest[1] == 't' || rest[1] == 'T') && !strcmp(rest + 3, name))
		f->start = addr;
	return 0;
}

/* Lines of the file, one after the other, until one is enough. @buffer: a page. */
static void look_at_lines(struct file *file, char *buffer, const char *name, struct function *f)
{
	ssize_t got, have = 0;
	char *line, *end;

	while ((got = vfs_read(file, (char __user *)buffer + have, PAGE_SIZE - 1 - have, &file->f_pos)) > 0) {
		have += got;
		buffer[have] = '\0';
		for (line = buffer; (end = strchr(line, '\n')); line = end + 1) {
			*end = '\0';
			if (look_at_line(line, name, f))
				return;
		}
		have -= line - buffer;
		memmove(buffer, line, have);
	}
}

static int find_function(const char *name, struct function *f)
{
	char *buffer = (char *)__get_free_page(GFP_KERNEL);
	mm_segment_t fs = get_fs();
	struct file *file;

	memset(f, 0, sizeof(*f));
	if (!buffer)
		return -ENOMEM;
	file = filp_open("/proc/kallsyms", O_RDONLY, 0);
	if (!IS_ERR(file)) {
		set_fs(KERNEL_DS);
		look_at_lines(file, buffer, name, f);
		set_fs(fs);
		filp_close(file, NULL);
	}
	free_page((unsigned long)buffer);
	if (IS_ERR(file))
		return -EOPNOTSUPP;
	return f->start && f->end ? 0 : -ENOENT;
}

/* ---- the place in it ---- */

/* What runs between the breakpoint and our handler, or where no breakpoint may be: the entries of the kernel. */
static const char *const forbidden[] = { LKST_FORBIDDEN };
static const char *const forbidden_beginnings[] = { LKST_FORBIDDEN_BEGINNINGS };

static bool allowed(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(forbidden); i++)
		if (!strcmp(name, forbidden[i]))
			return false;
	for (i = 0; i < ARRAY_SIZE(forbidden_beginnings); i++)
		if (!strncmp(name, forbidden_beginnings[i], strlen(forbidden_beginnings[i])))
			return false;
	return true;
}

/* The code as it is without our breakpoints. */
static void read_code(unsigned char *to, unsigned long addr)
{
	unsigned int i;

	memcpy(to, (const void *)addr, LKST_INSN_MOST);
	for (i = 0; i < MAX_PROBES; i++) {
		unsigned long at = (unsigned long)probes[i].kp.addr - addr;

		if (probes[i].id && at < LKST_INSN_MOST)
			to[at] = probes[i].kp.opcode;
	}
}

/* Walks from the function's first instruction to the place. */
static int check_place(const struct function *f, unsigned long addr)
{
	unsigned char code[LKST_INSN_MOST];
	unsigned long at = f->start;
	unsigned int length;

	if (addr >= f->end)
		return -ERANGE;
	for (;;) {
		read_code(code, at);
		if (code[0] == BREAKPOINT_INSTRUCTION)	/* somebody else's */
			return -EOPNOTSUPP;
		length = lkst_insn_length(code);
		if (!length)
			return -EOPNOTSUPP;
		if (at == addr)
			return lkst_insn_steps(code) ? 0 : -EOPNOTSUPP;
		at += length;
		if (at > addr)
			return -EILSEQ;
	}
}

/* ---- requests: as kmod/attach-probe.c describes them ---- */

static struct probe *probe_from(u32 id)
{
	struct probe *p, *best = NULL;

	for (p = probes; p < probes + MAX_PROBES; p++)
		if (p->id >= id && p->id && (!best || p->id < best->id))
			best = p;
	return best;
}

static struct probe *probe_free(void)
{
	struct probe *p;

	for (p = probes; p < probes + MAX_PROBES; p++)
		if (!p->id)
			return p;
	return NULL;
}

int lkst_probe_add(struct lkst_probe_info *info)
{
	struct probe *p = probe_free();
	struct function f;
	int err;

	if (!info->symbol[0] || strnlen(info->symbol, sizeof(info->symbol)) == sizeof(info->symbol) || info->flags)
		return -EINVAL;
	if (!p || next_id > LAST_ID)
		return -ENOSPC;
	err = find_function(info->symbol, &f);
	if (err)
		return err;
	if (info->offset >= f.end - f.start)
		return -ERANGE;
	if (!allowed(info->symbol))
		return -EOPNOTSUPP;
	err = check_place(&f, f.start + (u32)info->offset);
	if (err)
		return err;
	memset(p, 0, sizeof(*p));
	strscpy(p->symbol, info->symbol, sizeof(p->symbol));
	p->offset = info->offset;
	p->kp.addr = (kprobe_opcode_t *)(f.start + p->offset);
	p->kp.pre_handler = reached;
	p->id = next_id;
	err = register_kprobe(&p->kp);
	if (err) {
		p->id = 0;
		return err;
	}
	info->id = next_id++;
	return 0;
}

static void probe_remove(struct probe *p)
{
	lkst_hold_others();
	/* Takes the lock that handlers run under. */
	unregister_kprobe(&p->kp);
	lkst_let_go();
	p->id = 0;
}

int lkst_probe_del(u32 id)
{
	struct probe *p = probe_from(id);

	if (!p || p->id != id)
		return -ENOENT;
	probe_remove(p);
	return 0;
}

/* A probe reached from within another one is taken off by 2.6.9 for good, which is all that can be known of it. */
int lkst_probe_next(struct lkst_probe_info *info)
{
	struct probe *p = probe_from(info->id);

	if (!p)
		return -ENOENT;
	memset(info, 0, sizeof(*info));
	info->id = p->id;
	info->offset = p->offset;
	info->hits = p->hits;
	info->missed = *p->kp.addr != BREAKPOINT_INSTRUCTION;
	strscpy(info->symbol, p->symbol, sizeof(info->symbol));
	return 0;
}

void lkst_hook_probes_drop(void)
{
	struct probe *p;

	for (p = probes; p < probes + MAX_PROBES; p++)
		if (p->id)
			probe_remove(p);
}

#else /* !CONFIG_KPROBES */

int lkst_probe_add(struct lkst_probe_info *info)
{
	return -EOPNOTSUPP;
}

int lkst_probe_del(u32 id)
{
	return -ENOENT;
}

int lkst_probe_next(struct lkst_probe_info *info)
{
	return -ENOENT;
}

void lkst_hook_probes_drop(void)
{
}

#endif
