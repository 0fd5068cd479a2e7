// SPDX-License-Identifier: GPL-2.0-only
/*
 * mkreport.c - writes a trace whose numbers are known by construction, for the report's test.
 *
 *	mkreport FILE [ROUNDS]
 *
 * Two CPUs, ROUNDS (1000) rounds of 1 ms. In each, on CPU 0, task 11 runs 600 us, task 12 runs 300 us, then the CPU is
 * idle; in its time task 11 makes one write of 100 us and asks a disk for something that takes 300 us. A timer is late
 * by 900 us, an interrupt takes 2 us. CPU 1 runs task 13 all the time. Names try to break out of the page.
 */
#include <stdio.h>
#include <stdlib.h>

#include "mktrace.h"

#define ROUND	1000000ULL

static void to(struct mktrace *t, unsigned int cpu, lkst_u64 time, unsigned int pid, unsigned int next)
{
	MK(t, cpu, time, pid, PROCESS_CONTEXTSWITCH, .next_pid = next);
}

int main(int argc, char **argv)
{
	unsigned long long rounds = argc > 2 ? strtoull(argv[2], NULL, 0) : 1000, i;
	struct mktrace t;

	if (argc < 2)
		return 2;
	mk_start(&t, 4096);
	mk_text(&t, LKST_PKT_SYSCALLS, "1\twrite\n");
	mk_text(&t, LKST_PKT_DEVICES, "block\t8388608\tsda\n");
	mk_text(&t, LKST_PKT_COMMENT, "command\tmake </script><script>document.title='broken'</script>\n");
	mk_text(&t, LKST_PKT_TASKS, "11\t11\t1\t</script><b>x\n12\t12\t1\t\"; system(\"x\n13\t13\t1\tquiet\n");
	for (i = 0; i < rounds; i++) {
		lkst_u64 now = ROUND * (i + 1);

		to(&t, 0, now, 0, 11);
		MK(&t, 0, now + 200000, 11, SYSCALL_ENTRY, .nr = 1, .arg0 = 1);
		MK(&t, 0, now + 300000, 11, SYSCALL_EXIT, .nr = 1, .ret = 7);
		MK(&t, 0, now + 301000, 11, BLOCK_ISSUE, .dev = 8 << 20, .bytes = 4096, .rq = 0x1000);
		MK(&t, 0, now + 400000, 11, HRTIMER_ENTRY, .timer = 0x2000, .func = 0x3000, .late = 900000);
		MK(&t, 0, now + 500000, 11, INTERRUPT_ENTRY, .irq = 14);
		MK(&t, 0, now + 502000, 11, INTERRUPT_EXIT, .irq = 14, .result = 1);
		to(&t, 0, now + 600000, 11, 12);
		MK(&t, 0, now + 601000, 12, BLOCK_COMPLETE, .dev = 8 << 20, .bytes = 4096, .rq = 0x1000);
		to(&t, 0, now + 900000, 12, 0);
		to(&t, 1, now + 500000, 13, 13);
	}
	to(&t, 0, ROUND * (rounds + 1), 0, 0);
	to(&t, 1, ROUND * (rounds + 1), 13, 13);
	mk_end(&t);
	mk_save(&t, argv[1]);
	mk_free(&t);
	return 0;
}
