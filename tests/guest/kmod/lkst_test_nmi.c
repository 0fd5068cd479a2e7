// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkst_test_nmi.c - old kernels: a module that has nothing to do with lkst.ko and is there before it comes and after it goes. Each NMI
 * passes a hook, armed or not; and it looks into page directories.
 *
 *	/proc/lkst_test_nmi, read:	nmis=N hooked as many as there were, marker=ADDRESS what the hook passes
 *	written: "reach START SIZE":	then missing=N is how many processes cannot reach that memory without a fault; with
 *					shared=1 the tables in question are one for all, and there can be none
 *	written: "take N SIZE":		take N times SIZE bytes more of vmalloc's space, so that what is mapped later lies where no
 *					process has had anything mapped; taken_last=ADDRESS is the last of them. Small ones fill
 *					the holes, too, that modules leave
 *	written: "take 0":		give all of that back
 *	written: "touch":		read the last of them, which takes a fault where it is not reached
 *	written: "spin 1":		stay in the kernel and on this CPU until "spin 0", spinning=1 meanwhile
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <asm/pgtable.h>

static int taken, spinning;

#define MOST_TAKEN	8192
static void *blocks[MOST_TAKEN];

static unsigned long marker, nmis[NR_CPUS], missing, looked_at;

static int nmi(struct pt_regs *regs, int cpu)
{
	nmis[cpu]++;
	LKST_HOOK1(PROCESS_INIT_WQH, &marker);
	return 1;	/* or the watchdog would look for stuck CPUs, and QEMU's are */
}

#ifdef PUD_SIZE	/* from 2.6.11 on */
#define pmd_of(pgd, at)	pmd_offset(pud_offset(pgd, at), at)
#else
#define pmd_of(pgd, at)	pmd_offset(pgd, at)
#endif

static int has_all(pgd_t *pgd, unsigned long start, unsigned long end)
{
	unsigned long at;

	for (at = start & PMD_MASK; at < end; at += PMD_SIZE)
		if (!pmd_present(*pmd_of(pgd + pgd_index(at), at)))
			return 0;
	return 1;
}

static void reach(unsigned long start, unsigned long size)
{
	struct task_struct *task;

	missing = looked_at = 0;
	read_lock(&tasklist_lock);
	for_each_process(task) {
		task_lock(task);
		if (task->mm) {
			looked_at++;
			missing += !has_all(task->mm->pgd, start, start + size);
		}
		task_unlock(task);
	}
	read_unlock(&tasklist_lock);
}

static int take(int n, unsigned long size)
{
	if (n < 0 || n > MOST_TAKEN - taken)
		return -EINVAL;
	for (; n--; taken++) {
		blocks[taken] = vmalloc(size);
		if (!blocks[taken])
			return -ENOMEM;
	}
	return 0;
}

static void give_back(void)
{
	while (taken)
		vfree(blocks[--taken]);
}

static void spin(int on)
{
	WRITE_ONCE(spinning, on);
	while (on && READ_ONCE(spinning))
		cpu_relax();
}

static ssize_t write_command(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	char *text = memdup_user_nul(from, min_t(size_t, count, 200));
	unsigned long size;
	long start;
	int err = -EINVAL, n;

	if (IS_ERR(text))
		return PTR_ERR(text);
	/* Not %lx: 2.4's takes no 0x. */
	if (sscanf(text, "reach %li %lu", &start, &size) == 2) {
		reach(start, size);
		err = 0;
	} else if (sscanf(text, "take %d %lu", &n, &size) == 2) {
		err = take(n, size);
	} else if (!strncmp(text, "take 0", 6)) {
		give_back();
		err = 0;
	} else if (!strncmp(text, "touch", 5) && taken) {
		READ_ONCE(*(char *)blocks[taken - 1]);
		err = 0;
	} else if (sscanf(text, "spin %d", &n) == 1) {
		spin(n);
		err = 0;
	}
	kfree(text);
	return err ? err : count;
}

static int show(struct seq_file *file, void *unused)
{
	unsigned long sum = 0, least = ~0UL;
	int cpu;

	for_each_online_cpu(cpu) {
		sum += nmis[cpu];
		least = min(least, nmis[cpu]);
	}
	seq_printf(file, "nmis=%lu\nnmis_least=%lu\nmarker=0x%lx\nlooked_at=%lu\nmissing=%lu\nshared=%d\n", sum, least,
		   (unsigned long)&marker, looked_at, missing, PTRS_PER_PMD > 1);
	seq_printf(file, "spinning=%d\n", READ_ONCE(spinning));
	if (taken)
		seq_printf(file, "taken_last=0x%lx\n", (unsigned long)blocks[taken - 1]);
	return 0;
}

static int open_results(struct inode *inode, struct file *file)
{
	return single_open(file, show, NULL);
}

static const struct proc_ops operations = {
	.proc_open = open_results,
	.proc_read = seq_read,
	.proc_write = write_command,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static int __init nmi_init(void)
{
	if (!proc_create("lkst_test_nmi", 0600, NULL, &operations))
		return -ENOMEM;
	lkst_reach_memory();	/* what NMIs read here must be everywhere, too */
	set_nmi_callback(nmi);
	return 0;
}

static void __exit nmi_exit_module(void)
{
	unset_nmi_callback();
	lkst_wait_writers();
	remove_proc_entry("lkst_test_nmi", NULL);
	give_back();
}

module_init(nmi_init);
module_exit(nmi_exit_module);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("LKST guest tests: a hook in every NMI, whatever becomes of the tracer");
