// SPDX-License-Identifier: GPL-2.0-only
/*
 * runtime.c - for 2.6.9: the part of an aspect's module that is the same for all: places the probes, shows what they
 * did, and takes them away. What happens at a place is in hit.h.
 *
 * Kprobes of 2.6.9 ask nothing: whatever address they are given gets a breakpoint. So the bytes of every place are
 * compared first, and that an instruction begins there is shown by walking to it from the function's entry.
 */
#include <linux/config.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <asm/timex.h>
#include "attach-hook-hold.h"
#include "attach-hook-insn.h"
#include "runtime.h"

#ifndef CONFIG_KPROBES
#error "klasy: this kernel is built without kprobes (CONFIG_KPROBES): nothing can be woven"
#endif

static unsigned int breaker = 25;
module_param(breaker, uint, 0444);
MODULE_PARM_DESC(breaker, "per cent of a CPU's time that bodies may take within 100 ms; 0: any");

bool klasy_running;
void (*klasy_emit)(unsigned int event, unsigned int units, const u64 *args);

/* ---- the breaker ---- */

static struct {
	u64 start, spent;		/* of this window, in ticks of the counter */
} account[NR_CPUS];
static u64 window;
static unsigned int tripped;		/* per cent that it took */
static struct timer_list watch;

void klasy_account(u64 begin)
{
	unsigned int cpu = smp_processor_id();
	u64 now = klasy_now(), gone = now - account[cpu].start, spent;

	spent = account[cpu].spent += now - begin;
	if (gone < window)
		return;
	if (breaker && account[cpu].start && spent * 100 > gone * breaker) {
		for (; gone >> 20; gone >>= 1)
			spent >>= 1;
		tripped = min_t(u32, (u32)spent * 100 / (u32)gone, 100);
		klasy_running = false;
	}
	account[cpu].start = now;
	account[cpu].spent = 0;
}

static void unplace(void)
{
	unsigned int i;

	klasy_running = false;
	lkst_hold_others();
	for (i = 0; i < klasy_nr_sites; i++) {
		if (klasy_points[i].armed)
			unregister_kprobe(&klasy_points[i].kp);
		klasy_points[i].armed = false;
	}
	lkst_let_go();
}

static void stop(void *unused)
{
	unplace();
	printk(KERN_WARNING "klasy: %s took %u per cent of a CPU and was stopped (limit %u)\n", klasy_name, tripped,
	       breaker);
}

static DECLARE_WORK(stop_work, stop, NULL);

/* A handler may run where the scheduler's locks are held: it wakes nobody itself. */
static void look(unsigned long unused)
{
	if (tripped)
		schedule_work(&stop_work);
	else
		mod_timer(&watch, jiffies + HZ / 10);
}

/* ---- placing ---- */

/* Does a walk over the instructions of the function come to the place? */
static bool begins_there(const struct klasy_site *s)
{
	unsigned long at = s->entry;

	while (at < s->pc) {
		unsigned int length = lkst_insn_length((const unsigned char *)at);

		if (!length || *(const u8 *)at == BREAKPOINT_INSTRUCTION)
			return false;
		at += length;
	}
	return at == s->pc;
}

/* All places are looked at before the first one is changed. */
static int check_code(void)
{
	unsigned int i;

	for (i = 0; i < klasy_nr_sites; i++) {
		const struct klasy_site *s = &klasy_sites[i];
		const void *at = (const void *)(unsigned long)s->pc;

		klasy_points[i].site = s;
		klasy_points[i].pc = s->pc;
		if (memcmp(at, s->code, s->length) || !s->length) {
			printk(KERN_ERR "klasy: %s: other code than expected at %s (site %u)%s\n", klasy_name,
			       s->place, i,
			       *(const u8 *)at == BREAKPOINT_INSTRUCTION ? ": another probe is there" : "");
			return -EILSEQ;
		}
		if (!begins_there(s)) {
			printk(KERN_ERR "klasy: %s: no instruction begins at %s (site %u), or another probe is on "
			       "the way\n", klasy_name, s->place, i);
			return -EILSEQ;
		}
	}
	return 0;
}

static int place_all(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < klasy_nr_sites; i++) {
		struct klasy_point *p = &klasy_points[i];

		p->kp.addr = (kprobe_opcode_t *)(unsigned long)p->site->pc;
		p->kp.pre_handler = klasy_advices[p->site->advice]->on_before;
		p->err = lkst_insn_steps(p->site->code) ? 0 : -EINVAL;
		/* Two advices at one place: 2.6.9 has one probe there. */
		if (!p->err)
			p->err = register_kprobe(&p->kp);
		p->armed = !p->err;
		n += p->armed;
	}
	return n ? 0 : -ENXIO;
}

/* ---- what the user sees ---- */

/* A probe that is reached from within another one's body is taken off by 2.6.9 for good. */
static const char *how(const struct klasy_point *p)
{
	if (!p->armed)
		return "none";
	return *p->kp.addr == BREAKPOINT_INSTRUCTION ? "trap" : "gone";
}

static int show(struct seq_file *m, void *v)
{
	unsigned int i;

	seq_printf(m, "name\t%s\naspect\t%u\nsource\t%s\nbuild_id\t%s\n", klasy_name, klasy_aspect, klasy_source,
		   klasy_build_id);
	seq_printf(m, "state\t%s\nlimit\t%u\ntook\t%u\n", tripped ? "stopped" : "running", breaker, tripped);
	for (i = 0; i < klasy_nr_sites; i++) {
		const struct klasy_point *p = &klasy_points[i];

		seq_printf(m, "site\t%u\t%d\t%lu\t%lu\t%lu\t%lu\t0\t%s\t%s\t\t%s\n", i, p->err, p->hits, p->null,
			   p->unreadable, p->full, p->site->place, how(p), p->site->what);
	}
	return 0;
}

static int open_status(struct inode *inode, struct file *file)
{
	return single_open(file, show, NULL);
}

static struct file_operations operations = {
	.owner = THIS_MODULE,
	.open = open_status,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

/* ---- coming and going ---- */

static char proc_name[64];

static int __init klasy_init(void)
{
	struct proc_dir_entry *entry;
	int err;

	if (memcmp((const void *)(unsigned long)klasy_note, klasy_note_bytes, klasy_note_size)) {
		printk(KERN_ERR "klasy: %s was made for another kernel: %.*s", klasy_name, (int)klasy_note_size,
		       (const char *)klasy_note_bytes);
		return -ESTALE;
	}
	err = check_code();
	if (err)
		return err;
	klasy_emit = __symbol_get("lkst_event");
	if (!klasy_emit) {
		printk(KERN_ERR "klasy: %s: the tracer is not there: load lkst first\n", klasy_name);
		return -ENOPKG;
	}
	window = (u64)cpu_khz * 100;
	err = place_all();
	if (err)
		goto unplace;
	snprintf(proc_name, sizeof(proc_name), "klasy_%s", klasy_name);
	entry = create_proc_entry(proc_name, 0400, NULL);
	if (!entry) {
		err = -ENOMEM;
		goto unplace;
	}
	entry->proc_fops = &operations;
	init_timer(&watch);
	watch.function = look;
	watch.expires = jiffies + HZ / 10;
	add_timer(&watch);
	klasy_running = true;
	return 0;

unplace:
	unplace();
	__symbol_put("lkst_event");
	return err;
}

static void __exit klasy_exit(void)
{
	remove_proc_entry(proc_name, NULL);
	del_timer_sync(&watch);
	flush_scheduled_work();
	unplace();
	__symbol_put("lkst_event");
}

module_init(klasy_init);
module_exit(klasy_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("an aspect woven by klasy");
