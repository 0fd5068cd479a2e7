// SPDX-License-Identifier: GPL-2.0-only
/*
 * runtime.c - the part of an aspect's module that is the same for all: places the probes, shows what they did, and
 * takes them away. What happens at a place is in hit.h.
 */
#include <linux/fs.h>
#include <linux/irq_work.h>
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

unsigned int klasy_breaker = 25;
module_param_named(breaker, klasy_breaker, uint, 0444);
MODULE_PARM_DESC(breaker, "per cent of a CPU's time that bodies may take within 100 ms; 0: any");

/* Of a module: where its sections are, in the order of klasy_sections; 'klasy weave' has that from sysfs. */
static unsigned long at[64];
static unsigned int nr_at;
module_param_array(at, ulong, &nr_at, 0);
MODULE_PARM_DESC(at, "addresses of the sections of the module that it is woven into");

struct klasy_point *klasy_points;
static struct kprobe **armed;
static unsigned int nr_armed;
u64 klasy_window;
bool klasy_running;
unsigned int klasy_tripped;
static struct proc_dir_entry *entry;
void (*klasy_emit)(unsigned int event, unsigned int units, const u64 *args);
static DEFINE_MUTEX(lock);		/* armed, nr_armed */

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

long klasy_slide(u64 linked)
{
	unsigned int i;

	if (!klasy_nr_sections)
		return (long)((unsigned long)register_kprobe - klasy_anchor);
	for (i = 0; i < klasy_nr_sections && i < nr_at; i++) {
		if (linked >= klasy_sections[i].begin && linked < klasy_sections[i].end)
			return (long)(at[i] - klasy_sections[i].begin);
	}
	return 0;
}

static u32 word_at(const u8 *from)
{
	u32 word;

	memcpy(&word, from, sizeof(word));
	return word;
}

/*
 * Are these the bytes of the file? A kernel that runs elsewhere than it was linked for has its absolute addresses
 * moved, and one with a single CPU has a harmless prefix where LOCK was.
 */
static bool same_code(const u8 *wanted, unsigned int loose, const u8 *found, unsigned int length)
{
	u32 slide = klasy_nr_sections ? 0 : (u32)klasy_slide(0), word;
	u8 code[16];
	unsigned int i;

	memcpy(code, wanted, length);
	for (i = 0; i < length; i++) {
		if (loose >> i & 1)
			code[i] = found[i];
	}
	for (i = 1; i + 4 <= length; i++) {
		word = word_at(found + i);
		if (word == word_at(code + i) + slide || word == word_at(code + i) - slide)
			memcpy(code + i, &word, sizeof(word));
	}
	if (code[0] == 0xf0 && found[0] == 0x3e)
		code[0] = 0x3e;
	return !memcmp(code, found, length);
}

static bool code_at(unsigned long pc, const u8 *wanted, unsigned int loose, unsigned int length)
{
	u8 found[16];

	return !copy_from_kernel_nofault(found, (void *)pc, length) && same_code(wanted, loose, found, length);
}

/*
 * Another aspect's probe may have changed the bytes. What the kernel kept for itself of the instruction is compared
 * then; addresses relative to the instruction are not the same in it, such places are refused.
 */
static int place_over_another(struct klasy_point *p)
{
	int err;

	p->kp.flags = KPROBE_FLAG_DISABLED;
	err = register_kprobe(&p->kp);
	if (err)
		return err;
	if (!p->kp.ainsn.insn ||
	    !same_code(p->site->code, p->site->loose, (const u8 *)p->kp.ainsn.insn, p->site->length)) {
		unregister_kprobe(&p->kp);
		return -ESTALE;
	}
	err = enable_kprobe(&p->kp);
	if (err)
		unregister_kprobe(&p->kp);
	return err;
}

/* Right behind the access when nothing else leads there and the kernel takes a probe there; else it steps through. */
static bool place_behind(struct klasy_point *p)
{
	p->behind.addr = (kprobe_opcode_t *)(p->pc + p->site->behind);
	p->behind.pre_handler = klasy_advices[p->site->advice]->on_behind;
	if (!p->site->behind || register_kprobe(&p->behind))
		return false;
	armed[nr_armed++] = &p->behind;
	return true;
}

static int place(struct klasy_point *p, bool changed)
{
	const struct klasy_advice *a = klasy_advices[p->site->advice];
	bool behind = a->after && !changed && place_behind(p);
	int err;

	if (behind && !a->before)
		return 0;
	p->kp.pre_handler = a->on_before;
	if (a->after && !behind)
		p->kp.post_handler = a->on_after;
	err = changed ? place_over_another(p) : register_kprobe(&p->kp);
	if (!err)
		armed[nr_armed++] = &p->kp;
	else if (behind)
		unregister_kprobe(armed[--nr_armed]);
	return err;
}

static void unplace(void)
{
	mutex_lock(&lock);
	WRITE_ONCE(klasy_running, false);
	if (nr_armed)
		unregister_kprobes(armed, (int)nr_armed);
	nr_armed = 0;
	mutex_unlock(&lock);
}

static void stop(struct work_struct *work)
{
	unplace();
	pr_warn("klasy: %s took %u per cent of a CPU and was stopped (limit %u)\n", klasy_name, klasy_tripped,
		klasy_breaker);
}

static DECLARE_WORK(stop_work, stop);

/* A body may run where the locks are held that scheduling work, and waking its worker, take: an interrupt does it. */
static void stop_soon(struct irq_work *work)
{
	schedule_work(&stop_work);
}

struct irq_work klasy_stop_soon;

/*
 * All bytes are looked at before the first one is changed: the probes of this aspect are not taken for another's. Where
 * the bytes differ the kernel tells what another's probe replaced.
 */
static void check_code(unsigned long *changed)
{
	unsigned int i;

	for (i = 0; i < klasy_nr_sites - klasy_nr_events; i++) {
		const struct klasy_site *s = &klasy_sites[i];
		struct klasy_point *p = &klasy_points[i];
		unsigned int back = s->back;

		p->pc = (unsigned long)s->pc + (unsigned long)klasy_slide(s->pc);
		p->moved = s->moves ? klasy_slide((u64)s->add) : 0;
		if (s->length && !code_at(p->pc, s->code, s->loose, s->length))
			set_bit(i, changed);
		if (test_bit(i, changed) || (back && !code_at(p->pc - back, s->skipped, s->skipped_loose, back)))
			back = 0;
		p->kp.addr = (kprobe_opcode_t *)(p->pc - back);
	}
}

static int place_all(const unsigned long *changed)
{
	unsigned int i;

	for (i = 0; i < klasy_nr_sites - klasy_nr_events; i++) {
		struct klasy_point *p = &klasy_points[i];

		p->err = place(p, test_bit(i, changed));
		if (p->err == -ESTALE) {
			pr_err("klasy: %s: other code than expected at %pS (site %u)\n", klasy_name, p->kp.addr, i);
			return -EILSEQ;
		}
	}
	return nr_armed || klasy_nr_events ? 0 : -ENXIO;
}

/* ---- events ---- */

/* One for all events of the aspect. */
static int at_event(struct lkst_handler *handler, unsigned int event, unsigned int units, const lkst_u64 *args)
{
	unsigned int i;

	for (i = klasy_nr_sites - klasy_nr_events; i < klasy_nr_sites; i++) {
		if (klasy_sites[i].event == event)
			klasy_advices[klasy_sites[i].advice]->on_event(&klasy_points[i], args);
	}
	return LKST_KEEP;
}
NOKPROBE_SYMBOL(at_event);

/* Masksets name it for the events that bodies are to run at. */
static struct lkst_handler handler = {
	.name = KBUILD_MODNAME,
	.owner = THIS_MODULE,
	.handle = at_event,
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
		klasy_points[i].pc = (unsigned long)klasy_emit;
	err = add(&handler);
	__symbol_put("lkst_handler_register");
	return err;
}

/* The tracer stays: its lkst_event is held. */
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

/* What the kernel made of a probe shows in its first byte; a place with two is as good as the worse one. */
static const char *how_at(const struct kprobe *kp)
{
	u8 first = 0;

	/* Its module was removed; the kernel took the probe out before that. */
	if (kprobe_gone((struct kprobe *)kp))
		return "gone";
	if (copy_from_kernel_nofault(&first, kp->addr, 1))
		return "gone";
	return first == 0xe9 ? "jump" : first == 0xe8 ? "call" : first == 0xcc ? "trap" : "none";
}

static const char *how(const struct klasy_point *p)
{
	const char *before = p->kp.pre_handler ? how_at(&p->kp) : NULL;
	const char *behind = p->behind.pre_handler && !p->kp.post_handler ? how_at(&p->behind) : NULL;

	if (!before || (behind && !strcmp(before, "jump")))
		return behind ? behind : "none";
	return before;
}

static int show(struct seq_file *m, void *v)
{
	unsigned int i, cpu;

	seq_printf(m, "name\t%s\naspect\t%u\nsource\t%s\nbuild_id\t%s\n", klasy_name, klasy_aspect, klasy_source,
		   klasy_build_id);
	if (klasy_nr_events)
		seq_printf(m, "handler\t%u\n", handler.id);
	seq_printf(m, "state\t%s\nlimit\t%u\ntook\t%u\n", klasy_tripped ? "stopped" : "running", klasy_breaker,
		   klasy_tripped);
	for (i = 0; i < klasy_nr_sites; i++) {
		struct klasy_count c = { 0 };

		for_each_possible_cpu(cpu) {
			const struct klasy_count *of = per_cpu_ptr(klasy_points[i].count, cpu);

			c.hits += of->hits;
			c.null += of->null;
			c.unreadable += of->unreadable;
			c.full += of->full;
			c.missed += of->missed;
		}
		seq_printf(m, "site\t%u\t%d\t%llu\t%llu\t%llu\t%llu\t%llu\t", i, klasy_points[i].err, c.hits, c.null,
			   c.unreadable, c.full,
			   c.missed + klasy_points[i].kp.nmissed + klasy_points[i].behind.nmissed);
		if (klasy_sites[i].event)
			seq_printf(m, "event\tevent\t\t%s\n", klasy_sites[i].what);
		else
			seq_printf(m, "%pS\t%s\t%s\t%s\n", (void *)klasy_points[i].pc, how(&klasy_points[i]),
				   klasy_sites[i].obstacle, klasy_sites[i].what);
	}
	return 0;
}

/* ---- coming and going ---- */

static void free_all(void)
{
	unsigned int i;

	for (i = 0; klasy_points && i < klasy_nr_sites; i++)
		free_percpu(klasy_points[i].count);
	kvfree(klasy_points);
	kvfree(armed);
}

static int alloc_all(void)
{
	unsigned int i;

	klasy_points = kvcalloc(klasy_nr_sites, sizeof(*klasy_points), GFP_KERNEL);
	armed = kvcalloc(2 * klasy_nr_sites, sizeof(*armed), GFP_KERNEL);
	if (!klasy_points || !armed)
		return -ENOMEM;
	for (i = 0; i < klasy_nr_sites; i++) {
		klasy_points[i].site = &klasy_sites[i];
		klasy_points[i].count = alloc_percpu(struct klasy_count);
		if (!klasy_points[i].count)
			return -ENOMEM;
	}
	return 0;
}

static int check_kernel(void)
{
	const void *note = (const void *)(unsigned long)klasy_note + klasy_slide(klasy_note);
	u8 id[64];

	if (klasy_note_size <= sizeof(id) && nr_at == klasy_nr_sections &&
	    !copy_from_kernel_nofault(id, note, klasy_note_size) &&
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
	check_code(changed);
	was = optimization('0');
	err = place_all(changed);
	if (was > '0')
		optimization((char)was);
	bitmap_free(changed);
	return err;
}

static int __init klasy_init(void)
{
	char name[64];
	int err;

	init_irq_work(&klasy_stop_soon, stop_soon);
	err = check_kernel();
	if (err)
		return err;
	klasy_emit = __symbol_get("lkst_event");
	if (!klasy_emit) {
		pr_err("klasy: %s: the tracer is not there: load lkst first\n", klasy_name);
		return -ENOPKG;
	}
	klasy_window = (u64)tsc_khz * 100;
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
	WRITE_ONCE(klasy_running, true);
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
	irq_work_sync(&klasy_stop_soon);
	cancel_work_sync(&stop_work);
	free_all();
	__symbol_put("lkst_event");
}

module_init(klasy_init);
module_exit(klasy_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("an aspect woven by klasy");
