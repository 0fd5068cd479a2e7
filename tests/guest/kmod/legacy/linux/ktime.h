/* SPDX-License-Identifier: GPL-2.0-only */
/* ktime.h - ktime_get_ns() is the compat's, which legacy.h has brought. */
