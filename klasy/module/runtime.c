// SPDX-License-Identifier: GPL-2.0-only
/*
 * runtime.c - the part of an aspect's module that is the same for all: places the probes, computes targets, runs
 * bodies, records what they gather, counts, and stops it all when it takes too much.
 *
 * Everything from klasy_before() to klasy_after() runs in the context of the access: any, but with preemption off.
 */
#include <linux/fs.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include <lkst/handler.h>
#include <asm/tsc.h>
#include "runtime.h"

#define SWITCH	"/proc/sys/debug/kprobes-optimization"

static unsigned int breaker = 25;
module_param(breaker, uint, 0444);
MODULE_PARM_DESC(breaker, "per cent of a CPU's time that bodies may take within 100 ms; 0: any");

struct point {
	struct kprobe kp;
	const struct klasy_site *site;
	int err;			/* why the kernel did not take it */
};

struct count {
	u64 hits, null, unreadable, full;
	u64 missed;			/* of events; kprobes counts its own */
};

struct cpu_state {
	u64 start, spent;		/* of this window, in ticks of the counter */
	/* From the probe before the access to the one after it. */
	void *target;
	u64 bound[KLASY_MAX_BOUND];
	bool in_event;			/* a body of an event runs */
};

static struct point *points;
static struct kprobe **armed;
static unsigned int nr_armed;
static struct count **counts;		/* by CPU, then by site */
static DEFINE_PER_CPU(struct cpu_state, cpu_state);
long klasy_slide;
static u64 window;
static bool running;
static unsigned int tripped;		/* per cent it took when it was stopped */
static struct proc_dir_entry *entry;
static void (*emit)(unsigned int event, unsigned int units, const u64 *args);
static DEFINE_MUTEX(lock);		/* armed, nr_armed */

/* ---- a hit ---- */

#define AT(name)	offsetof(struct pt_regs, name)

static const u8 reg_at[16] = {
	AT(ax), AT(cx), AT(dx), AT(bx), AT(sp), AT(bp), AT(si), AT(di),
	AT(r8), AT(r9), AT(r10), AT(r11), AT(r12), AT(r13), AT(r14), AT(r15),
};

static __always_inline unsigned long reg(const struct pt_regs *regs, u8 number)
{
	return *(const unsigned long *)((const char *)regs + reg_at[number]);
}

static __always_inline void *target_of(const struct klasy_site *s, const struct pt_regs *regs)
{
	unsigned long at = (unsigned long)s->add;

	if (s->base != KLASY_NO_REG)
		at += reg(regs, s->base);
	if (s->index != KLASY_NO_REG)
		at += reg(regs, s->index) * s->scale;
	if (s->gs)
		at += __this_cpu_read(this_cpu_off);
	if (s->moves)
		at += (unsigned long)klasy_slide;
	return (void *)at;
}

/* Every page that the struct lies in: what the body dereferences must not fault, and one byte a page tells. */
static __always_inline bool readable(const void *target, u32 size)
{
	const char *at = target, *last = at + size - 1;
	char byte;

	for (;;) {
		if (copy_from_kernel_nofault(&byte, at, 1))
			return false;
		if (((unsigned long)at ^ (unsigned long)last) < PAGE_SIZE)
			return true;
		at = (const char *)(((unsigned long)at | (PAGE_SIZE - 1)) + 1);
	}
}

static __always_inline bool usable(const struct klasy_advice *a, void *target, struct count *c)
{
	if (!a->target_size)
		return true;
	/* A member of a struct at NULL lies in the first page. */
	if ((unsigned long)target < PAGE_SIZE) {
		c->null++;
		return false;
	}
	if (!klasy_trusted && !readable(target, a->target_size)) {
		c->unreadable++;
		return false;
	}
	return true;
}

static __always_inline bool fetched(const struct klasy_site *s, const void *from, u64 *bound, struct count *c)
{
	if (!s->values || s->values(from, bound))
		return true;
	c->unreadable++;
	return false;
}

/*
 * The record: aspect and place, site and how many values are to come, four values; as often as needed. Its layout is
 * that of KLASY_DATA in events.def, whose size was compared when this was generated.
 */
static void record(const struct klasy_run *run, const struct klasy_site *s, struct count *c)
{
	unsigned int values = run->values, i, from;
	u64 args[6];

	if (values > KLASY_MAX_VALUES) {
		c->full++;
		values = KLASY_MAX_VALUES;
	}
	for (from = 0; from < values; from += 4) {
		args[0] = klasy_aspect | (u64)run->pc << 16;
		args[1] = (u16)(s - klasy_sites) | (u64)(values - from) << 16;
		for (i = 0; i < 4; i++)
			args[2 + i] = from + i < values ? run->value[from + i] : 0;
		emit(LKST_EV_KLASY_DATA, ARRAY_SIZE(args), args);
	}
}

static struct work_struct stop_work;

static __always_inline void account(struct cpu_state *cpu, u64 begin)
{
	u64 now = rdtsc(), gone;

	cpu->spent += now - begin;
	gone = now - cpu->start;
	if (likely(gone < window))
		return;
	/* A window in which little happened is longer: that is no harm. */
	if (breaker && cpu->start && cpu->spent * 100 > gone * breaker) {
		WRITE_ONCE(tripped, (unsigned int)min_t(u64, cpu->spent * 100 / gone, 100));
		WRITE_ONCE(running, false);
		schedule_work(&stop_work);
	}
	cpu->start = now;
	cpu->spent = 0;
}

static __always_inline void run_body(klasy_body_fn *body, const struct point *p, void *target, const u64 *bound,
				     struct count *c)
{
	struct klasy_run run;

	run.pc = (unsigned long)p->kp.addr;
	run.target = target;
	run.bound = bound;
	run.values = 0;
	body(&run);
	if (run.values)
		record(&run, p->site, c);
}

static int klasy_before(struct kprobe *kp, struct pt_regs *regs)
{
	const struct point *p = container_of(kp, struct point, kp);
	const struct klasy_site *s = p->site;
	const struct klasy_advice *a = &klasy_advices[s->advice];
	struct cpu_state *cpu = this_cpu_ptr(&cpu_state);
	struct count *c = &counts[smp_processor_id()][s - klasy_sites];
	u64 begin;
	void *target;

	cpu->target = NULL;
	if (!READ_ONCE(running))
		return 0;
	begin = rdtsc();
	c->hits++;
	target = target_of(s, regs);
	if (usable(a, target, c) && fetched(s, regs, cpu->bound, c)) {
		/* A struct at NULL was left out above, so NULL says that there is nothing to do after it, either. */
		cpu->target = a->target_size ? target : (void *)1;
		if (a->before)
			run_body(a->before, p, target, cpu->bound, c);
	}
	account(cpu, begin);
	return 0;
}

/* The registers may hold other things by now: target and names are those from before. */
static void klasy_after(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)
{
	const struct point *p = container_of(kp, struct point, kp);
	struct cpu_state *cpu = this_cpu_ptr(&cpu_state);
	u64 begin;

	if (!cpu->target || !READ_ONCE(running))
		return;
	begin = rdtsc();
	run_body(klasy_advices[p->site->advice].after, p, cpu->target, cpu->bound,
		 &counts[smp_processor_id()][p->site - klasy_sites]);
	account(cpu, begin);
}

/* One for all events of the aspect. A body that brings such an event itself, or that an interrupt's event meets, is not
 * begun anew: there would be no end of it. */
static int klasy_at_event(struct lkst_handler *handler, unsigned int event, unsigned int units, const lkst_u64 *args)
{
	struct cpu_state *cpu = this_cpu_ptr(&cpu_state);
	u64 bound[KLASY_MAX_BOUND], begin;
	unsigned int i;

	if (!READ_ONCE(running))
		return LKST_KEEP;
	begin = rdtsc();
	for (i = klasy_nr_sites - klasy_nr_events; i < klasy_nr_sites; i++) {
		struct point *p = &points[i];
		struct count *c = &counts[smp_processor_id()][i];

		if (p->site->event != event)
			continue;
		if (cpu->in_event) {
			c->missed++;
			continue;
		}
		c->hits++;
		WRITE_ONCE(cpu->in_event, true);
		if (fetched(p->site, args, bound, c))
			run_body(klasy_advices[p->site->advice].before, p, NULL, bound, c);
		WRITE_ONCE(cpu->in_event, false);
	}
	account(cpu, begin);
	return LKST_KEEP;
}
NOKPROBE_SYMBOL(klasy_at_event);
NOKPROBE_SYMBOL(klasy_before);
NOKPROBE_SYMBOL(klasy_after);

/* ---- placing ---- */

/* Returns what the switch was, or -1 when there is none. */
static int optimization(char to)
{
	loff_t pos = 0;
	char was = 0;
	struct file *f;

	f = filp_open(SWITCH, O_RDWR, 0);
	if (IS_ERR(f))
		return -1;
	if (kernel_read(f, &was, 1, &pos) != 1)
		was = 0;
	pos = 0;
	if (was && was != to)
		kernel_write(f, &to, 1, &pos);
	filp_close(f, NULL);
	return was ? was : -1;
}

static u32 word_at(const u8 *at)
{
	u32 word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/*
 * Are these the bytes of the file? A kernel that runs elsewhere than it was linked for has its absolute addresses
 * moved, and one with a single CPU has a harmless prefix where LOCK was.
 */
static bool same_code(const u8 *wanted, const u8 *found, unsigned int length)
{
	u8 code[16];
	unsigned int i;
	u32 word;

	memcpy(code, wanted, length);
	for (i = 1; i + 4 <= length; i++) {
		word = word_at(found + i);
		if (word == word_at(code + i) + (u32)klasy_slide || word == word_at(code + i) - (u32)klasy_slide)
			memcpy(code + i, &word, sizeof(word));
	}
	if (code[0] == 0xf0 && found[0] == 0x3e)
		code[0] = 0x3e;
	return !memcmp(code, found, length);
}

static bool code_at(const struct klasy_site *s)
{
	u8 found[sizeof(s->code)];

	return !copy_from_kernel_nofault(found, (void *)(unsigned long)(s->pc + (u64)klasy_slide), s->length) &&
	       same_code(s->code, found, s->length);
}

/*
 * Another aspect's probe may have changed the bytes. What the kernel kept for itself of the instruction is compared
 * then; addresses relative to the instruction are not the same in it, such places are refused.
 */
static int place_over_another(struct point *p)
{
	int err;

	p->kp.flags = KPROBE_FLAG_DISABLED;
	err = register_kprobe(&p->kp);
	if (err)
		return err;
	if (!p->kp.ainsn.insn || !same_code(p->site->code, (const u8 *)p->kp.ainsn.insn, p->site->length)) {
		unregister_kprobe(&p->kp);
		return -ESTALE;
	}
	err = enable_kprobe(&p->kp);
	if (err)
		unregister_kprobe(&p->kp);
	return err;
}

static int place(struct point *p, bool changed)
{
	p->kp.addr = (kprobe_opcode_t *)(unsigned long)(p->site->pc + (u64)klasy_slide);
	p->kp.pre_handler = klasy_before;
	if (klasy_advices[p->site->advice].after)
		p->kp.post_handler = klasy_after;
	return changed ? place_over_another(p) : register_kprobe(&p->kp);
}

static void unplace(void)
{
	mutex_lock(&lock);
	WRITE_ONCE(running, false);
	if (nr_armed)
		unregister_kprobes(armed, (int)nr_armed);
	nr_armed = 0;
	mutex_unlock(&lock);
}

static void stop(struct work_struct *work)
{
	unplace();
	pr_warn("klasy: %s took %u per cent of a CPU and was stopped (limit %u)\n", klasy_name, tripped, breaker);
}

/* All bytes are looked at before the first one is changed: the probes of this aspect are not taken for another's. */
static int check_code(unsigned long *changed)
{
	unsigned int i, bad = 0;

	for (i = 0; i < klasy_nr_sites; i++) {
		const struct klasy_site *s = &klasy_sites[i];
		u8 first;

		if (!s->length || code_at(s))
			continue;
		if (!copy_from_kernel_nofault(&first, (void *)(unsigned long)(s->pc + (u64)klasy_slide), 1) &&
		    (first == 0xcc || first == 0xe9)) {
			set_bit(i, changed);
			continue;
		}
		if (!bad++)
			pr_err("klasy: %s: other code than expected at %pS (site %u)\n", klasy_name,
			       (void *)(unsigned long)(s->pc + (u64)klasy_slide), i);
	}
	return bad ? -EILSEQ : 0;
}

static int place_all(const unsigned long *changed)
{
	unsigned int i;

	for (i = 0; i < klasy_nr_sites - klasy_nr_events; i++) {
		struct point *p = &points[i];

		p->err = place(p, test_bit(i, changed));
		if (p->err == -ESTALE) {
			pr_err("klasy: %s: other code than expected at %pS (site %u)\n", klasy_name, p->kp.addr, i);
			return -EILSEQ;
		}
		if (!p->err)
			armed[nr_armed++] = &p->kp;
	}
	return nr_armed || klasy_nr_events ? 0 : -ENXIO;
}

/* ---- events ---- */

/* Masksets name it for the events that bodies are to run at. */
static struct lkst_handler handler = {
	.name = KBUILD_MODNAME,
	.owner = THIS_MODULE,
	.handle = klasy_at_event,
	.param = -1,
};

static int handle_events(void)
{
	int (*add)(struct lkst_handler *handler), err;
	unsigned int i;

	if (!klasy_nr_events)
		return 0;
	add = (void *)__symbol_get("lkst_handler_register");
	if (!add)
		return -ENOPKG;
	for (i = klasy_nr_sites - klasy_nr_events; i < klasy_nr_sites; i++)
		points[i].kp.addr = (kprobe_opcode_t *)emit;
	err = add(&handler);
	__symbol_put("lkst_handler_register");
	return err;
}

/* The tracer stays: emit is held. */
static void leave_events(void)
{
	void (*remove)(struct lkst_handler *handler);

	if (!handler.id)
		return;
	remove = (void *)__symbol_get("lkst_handler_unregister");
	remove(&handler);
	__symbol_put("lkst_handler_unregister");
	handler.id = 0;
}

/* ---- what the user sees ---- */

static int show(struct seq_file *m, void *v)
{
	unsigned int i, cpu;

	seq_printf(m, "name\t%s\naspect\t%u\nsource\t%s\nbuild_id\t%s\n", klasy_name, klasy_aspect, klasy_source,
		   klasy_build_id);
	if (klasy_nr_events)
		seq_printf(m, "handler\t%u\n", handler.id);
	seq_printf(m, "state\t%s\nlimit\t%u\ntook\t%u\n", tripped ? "stopped" : "running", breaker, tripped);
	for (i = 0; i < klasy_nr_sites; i++) {
		struct count c = { 0 };

		for_each_possible_cpu(cpu) {
			const struct count *of = &counts[cpu][i];

			c.hits += of->hits;
			c.null += of->null;
			c.unreadable += of->unreadable;
			c.full += of->full;
			c.missed += of->missed;
		}
		seq_printf(m, "site\t%u\t%d\t%llu\t%llu\t%llu\t%llu\t%llu\t", i, points[i].err, c.hits, c.null,
			   c.unreadable, c.full, c.missed + points[i].kp.nmissed);
		if (klasy_sites[i].event)
			seq_printf(m, "event\t%s\n", klasy_sites[i].what);
		else
			seq_printf(m, "%pS\t%s\n", points[i].kp.addr, klasy_sites[i].what);
	}
	return 0;
}

/* ---- coming and going ---- */

static void free_all(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (counts)
			kvfree(counts[cpu]);
	kfree(counts);
	kvfree(points);
	kvfree(armed);
}

static int alloc_all(void)
{
	unsigned int cpu, i;

	points = kvcalloc(klasy_nr_sites, sizeof(*points), GFP_KERNEL);
	armed = kvcalloc(klasy_nr_sites, sizeof(*armed), GFP_KERNEL);
	counts = kcalloc(nr_cpu_ids, sizeof(*counts), GFP_KERNEL);
	if (!points || !armed || !counts)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		counts[cpu] = kvcalloc(klasy_nr_sites, sizeof(**counts), GFP_KERNEL);
		if (!counts[cpu])
			return -ENOMEM;
	}
	for (i = 0; i < klasy_nr_sites; i++)
		points[i].site = &klasy_sites[i];
	return 0;
}

static int check_kernel(void)
{
	u8 id[64];

	klasy_slide = (long)((unsigned long)register_kprobe - klasy_anchor);
	if (klasy_note_size <= sizeof(id) &&
	    !copy_from_kernel_nofault(id, (void *)(unsigned long)(klasy_note + (u64)klasy_slide), klasy_note_size) &&
	    !memcmp(id, klasy_note_bytes, klasy_note_size))
		return 0;
	pr_err("klasy: %s was made for another kernel: build id %s\n", klasy_name, klasy_build_id);
	return -ESTALE;
}

static int weave(void)
{
	unsigned long *changed = bitmap_zalloc(klasy_nr_sites, GFP_KERNEL);
	int err, was;

	if (!changed)
		return -ENOMEM;
	err = check_code(changed);
	if (!err) {
		was = optimization('0');
		err = place_all(changed);
		if (was > '0')
			optimization((char)was);
	}
	bitmap_free(changed);
	return err;
}

static int __init klasy_init(void)
{
	char name[64];
	int err;

	INIT_WORK(&stop_work, stop);
	err = check_kernel();
	if (err)
		return err;
	emit = __symbol_get("lkst_event");
	if (!emit) {
		pr_err("klasy: %s: the tracer is not there: load lkst first\n", klasy_name);
		return -ENOPKG;
	}
	window = (u64)tsc_khz * 100;
	err = alloc_all();
	if (err)
		goto put;
	err = weave();
	if (err)
		goto unplace;
	err = handle_events();
	if (err)
		goto unplace;
	snprintf(name, sizeof(name), "klasy_%s", klasy_name);
	entry = proc_create_single(name, 0400, NULL, show);
	if (!entry) {
		err = -ENOMEM;
		goto unplace;
	}
	WRITE_ONCE(running, true);
	return 0;

unplace:
	leave_events();
	unplace();
put:
	free_all();
	__symbol_put("lkst_event");
	return err;
}

static void __exit klasy_exit(void)
{
	proc_remove(entry);
	leave_events();
	unplace();
	cancel_work_sync(&stop_work);
	free_all();
	__symbol_put("lkst_event");
}

module_init(klasy_init);
module_exit(klasy_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("an aspect woven by klasy");
