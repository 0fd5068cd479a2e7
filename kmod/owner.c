// SPDX-License-Identifier: GPL-2.0-only
/*
 * owner.c - a recording that belongs to an open file, and ends with it however its program ends.
 *
 * 'lkst record' and its kin make a buffer and a maskset for the time of a command. Were it theirs to clean up, a program that
 * is killed would leave recording on, and its buffer, for ever. What is started otherwise ('lkst start', the parameters of the
 * module) has no owner and goes on.
 */
#include <linux/sched.h>

#include "lkst.h"

/* One at a time: there is one selected buffer. lkst_control is held. */
static struct {
	const void *file;	/* NULL: nobody */
	u32 tgid;
	u32 buffer, maskset;	/* what was selected before */
	s64 pid;		/* and which process */
	bool ran;		/* what was recorded before goes on afterwards */
} owner;

int lkst_own(const void *file)
{
	struct lkst_handler_info only = { .id = LKST_HANDLER_PID };

	if (owner.file)
		return -EBUSY;
	owner.file = file;
	owner.tgid = current->tgid;
	owner.buffer = lkst_buffer_selected();
	owner.maskset = lkst_maskset_selected();
	lkst_handler_next(&only);
	owner.pid = only.param;
	owner.ran = lkst_run_state() == LKST_RUNNING;
	return 0;
}

u32 lkst_owner_of(const void *file)
{
	return file == owner.file ? owner.tgid : 0;
}

/* Another may have selected something since: that is not ours to end. */
static void select_as_before(void)
{
	struct lkst_handler_info only = { .id = LKST_HANDLER_PID, .param = owner.pid };

	lkst_freeze(LKST_STOPPED, "the program that recorded has ended");
	lkst_stop();
	if (lkst_buffer_select(owner.buffer))
		lkst_buffer_select(LKST_ANY_ID);
	if (lkst_maskset_select(owner.maskset))
		lkst_maskset_select(LKST_MASKSET_RDEFAULT);
	lkst_handler_set(&only);
}

void lkst_disown(const void *file)
{
	bool ours;

	mutex_lock(&lkst_control);
	/* After an oops the buffers stay as they are, for who looks into it. */
	if (owner.file != file)
		goto unlock;
	if (lkst_run_state() == LKST_FROZEN)
		goto keep;
	ours = lkst_buffer_owned(lkst_buffer_selected());
	if (ours)
		select_as_before();
	lkst_maskset_delete_owned();
	lkst_buffer_delete_owned();
	if (ours && owner.ran)
		lkst_start();
keep:
	lkst_maskset_disown();
	lkst_buffer_disown();
	owner.file = NULL;
unlock:
	mutex_unlock(&lkst_control);
}
