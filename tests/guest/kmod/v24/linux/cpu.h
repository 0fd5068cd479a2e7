/* SPDX-License-Identifier: GPL-2.0-only */
/* cpu.h - CPUs of 2.4 neither come nor go. */
#include <linux/smp.h>
