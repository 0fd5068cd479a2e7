/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * steps.h - put in front of every file of the module, in the test build only (tests/guest/build-kmod --steps): the numbered
 * steps of the ring call a hook. A product build knows nothing of it: there LKST_STEP() is empty, and record-path.t looks.
 */
#ifndef LKST_TEST_STEPS_H
#define LKST_TEST_STEPS_H

#define LKST_NR_STEPS	19	/* LKST_STEP() numbers are below this */

/* NULL: nothing is called. Any context, preemption on or off. */
extern void (*lkst_step_hook)(unsigned int n);

#define LKST_STEP(n) do {								\
	void (*__hook)(unsigned int) = *(void (*volatile *)(unsigned int))&lkst_step_hook; \
	if (__hook)									\
		__hook(n);								\
} while (0)

#endif
