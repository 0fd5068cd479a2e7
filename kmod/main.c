// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - loading and unloading, and the parameters that start a flight recorder without any program.
 */
#include <linux/log2.h>

#include "lkst.h"

static char *maskset;
module_param(maskset, charp, 0444);
MODULE_PARM_DESC(maskset, "start recording at load with this maskset (name or number)");

static unsigned int buffer_kb = 1024;
module_param(buffer_kb, uint, 0444);
MODULE_PARM_DESC(buffer_kb, "size of the first buffer, KiB a CPU, rounded up to a power of 2; 0: none (default 1024)");

static char *mode = "overwrite";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "of the first buffer: overwrite (flight recorder, the default) or discard");

#define FIRST_SUBBUF	(16 * 1024)

static int make_first_buffer(void)
{
	struct lkst_buffer_info info = { .name = "default", .subbuf_size = FIRST_SUBBUF };
	int err;

	if (strcmp(mode, "overwrite") && strcmp(mode, "discard")) {
		pr_err("lkst: mode=%s: give overwrite or discard\n", mode);
		return -EINVAL;
	}
	if (!buffer_kb) {
		pr_info("lkst: buffer_kb=0: there is no buffer, nothing can be recorded until 'lkstbuf create' made one\n");
		return 0;
	}
	info.mode = strcmp(mode, "discard") ? LKST_OVERWRITE : LKST_DISCARD;
	info.nr_subbufs = buffer_kb > 4096 * (FIRST_SUBBUF / 1024) ? 0xffffffffU :
			  max_t(u32, 2, roundup_pow_of_two(DIV_ROUND_UP(buffer_kb, FIRST_SUBBUF / 1024)));
	err = lkst_buffer_create(&info);
	if (err == -EINVAL)
		pr_err("lkst: buffer_kb=%u: give at most %u\n", buffer_kb, 4096 * (FIRST_SUBBUF / 1024));
	else if (err)
		pr_err("lkst: buffer_kb=%u: that much memory cannot be had for each CPU, give less\n", buffer_kb);
	return err ? err : lkst_buffer_select(info.id);
}

static int start_by_parameter(void)
{
	u32 id;

	if (!maskset)
		return 0;
	id = lkst_maskset_find(maskset);
	if (id == LKST_ANY_ID) {
		pr_err("lkst: maskset=%s: there is none of that name; RDEFAULT, RALL and RNOTHING are built in\n", maskset);
		return -EINVAL;
	}
	if (lkst_buffer_selected() == LKST_ANY_ID) {
		pr_err("lkst: maskset=%s: recording needs a buffer, give buffer_kb=\n", maskset);
		return -EINVAL;
	}
	return lkst_maskset_select(id) ?: lkst_start();
}

static int __init lkst_init(void)
{
	int err;

	err = lkst_handlers_init();
	if (err)
		return err;
	err = lkst_masksets_init();
	if (err)
		goto no_masksets;
	err = lkst_buffers_init();
	if (err)
		goto no_buffers;
	err = lkst_control_init();
	if (err)
		goto no_control;
	err = lkst_attach_init();
	if (err)
		goto no_attach;
	mutex_lock(&lkst_control);
	err = make_first_buffer();
	if (!err)
		err = start_by_parameter();
	mutex_unlock(&lkst_control);
	if (err)
		goto no_start;
	err = lkst_proc_init();
	if (err)
		goto no_start;
	err = lkst_device_init();
	if (err)
		goto no_device;
	lkst_guard_unload();
	return 0;

no_device:
	lkst_proc_exit();
no_start:
	mutex_lock(&lkst_control);
	lkst_stop();
	mutex_unlock(&lkst_control);
	lkst_attach_exit();
no_attach:
	lkst_control_exit();
no_control:
	lkst_buffers_exit();
no_buffers:
	lkst_masksets_exit();
no_masksets:
	lkst_handlers_exit();
	return err;
}

static void __exit lkst_exit(void)
{
	lkst_device_exit();
	lkst_proc_exit();
	mutex_lock(&lkst_control);
	lkst_stop();
	mutex_unlock(&lkst_control);
	lkst_attach_exit();
	lkst_control_exit();
	lkst_buffers_exit();
	lkst_masksets_exit();
	lkst_handlers_exit();
}

module_init(lkst_init);
module_exit(lkst_exit);
MODULE_LICENSE("GPL v2");
MODULE_DESCRIPTION("Linux Kernel State Tracer");
MODULE_VERSION("0.1.0");
