/* SPDX-License-Identifier: GPL-2.0-only */
/* panic_notifier.h - 2.6.9 declares the list where it declares panic(). */
#include <linux/kernel.h>
