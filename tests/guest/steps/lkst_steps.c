// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkst_steps.c - the hook that the test build of lkst.ko calls at the steps of the ring. It is a module of its own because
 * lkst.ko needs it, and who sets it (tests/guest/kmod/test_steps.c) needs lkst.ko.
 */
#include <linux/module.h>

#include "steps.h"

void (*lkst_step_hook)(unsigned int n);
EXPORT_SYMBOL_GPL(lkst_step_hook);

MODULE_LICENSE("GPL v2");
MODULE_DESCRIPTION("LKST guest tests: the hook at the steps of the ring");
