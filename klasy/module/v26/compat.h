/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compat.h - for 2.6.9: the headers that an aspect may do without naming. Every advice is compiled after this file.
 */
#ifndef KLASY_COMPAT_H
#define KLASY_COMPAT_H

#include <linux/config.h>
#include <linux/fs.h>
#include <linux/if_ether.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/time.h>
#include <linux/types.h>
#include <linux/version.h>

#endif
