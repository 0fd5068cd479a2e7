/* SPDX-License-Identifier: GPL-2.0-only */
/* uaccess.h - which was asm/ only. */
#include <asm/uaccess.h>
