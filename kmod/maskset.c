// SPDX-License-Identifier: GPL-2.0-only
/*
 * maskset.c - masksets: which handler each event goes to. A maskset is never changed in place: a new one takes its number,
 * so whoever looks at a table sees all of the old one or all of the new one.
 */
#include <linux/bitmap.h>

#include "lkst.h"

struct mset {
	u32 id;
	bool builtin;
	bool owned;	/* goes with the file that owns the recording */
	char name[LKST_NAME_LEN];
	u8 handler[LKST_NR_EVENTS];
};

static struct mset *msets[LKST_MAX_MASKSETS];
static struct mset *selected;	/* also written by handlers, see lkst_maskset_switch() */
static struct mset *target;

const u8 lkst_nothing[LKST_NR_EVENTS] = { [0 ... LKST_NR_EVENTS - 1] = LKST_HANDLER_NONE };

/* What the catalogue says of every event: is it known, is it in RDEFAULT? */
#define SET_RDEFAULT	2
#define SET_EXTRA	1
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning)	[id] = SET_##set,
static const u8 catalogue[LKST_NR_EVENTS] = {
#include <lkst/events.def>
};
#undef LKST_EVENT

static struct mset *find(u32 id)
{
	return id < LKST_MAX_MASKSETS ? msets[id] : NULL;
}

static int add_builtin(u32 id, const char *name, u8 least)
{
	struct mset *mset = kvzalloc(sizeof(*mset), GFP_KERNEL);
	unsigned int event;

	if (!mset)
		return -ENOMEM;
	mset->id = id;
	mset->builtin = true;
	strscpy(mset->name, name, sizeof(mset->name));
	for (event = 0; event < LKST_NR_EVENTS; event++)
		mset->handler[event] = catalogue[event] >= least ? LKST_HANDLER_RECORD : LKST_HANDLER_NONE;
	msets[id] = mset;
	return 0;
}

int lkst_masksets_init(void)
{
	int err = add_builtin(LKST_MASKSET_RNOTHING, "RNOTHING", U8_MAX);

	if (!err)
		err = add_builtin(LKST_MASKSET_RALL, "RALL", SET_EXTRA);
	if (!err)
		err = add_builtin(LKST_MASKSET_RDEFAULT, "RDEFAULT", SET_RDEFAULT);
	if (err)
		lkst_masksets_exit();
	else
		selected = msets[LKST_MASKSET_RDEFAULT];
	return err;
}

void lkst_masksets_exit(void)
{
	unsigned int id;

	for (id = 0; id < LKST_MAX_MASKSETS; id++) {
		kvfree(msets[id]);
		msets[id] = NULL;
	}
	selected = target = NULL;
}

int lkst_maskset_next(struct lkst_maskset *maskset, bool exact)
{
	struct mset *mset = find(maskset->id);
	u32 id;

	for (id = maskset->id; !exact && id < LKST_MAX_MASKSETS && !mset; id++)
		mset = msets[id];
	if (!mset)
		return -ENOENT;
	maskset->id = mset->id;
	maskset->flags = (mset == READ_ONCE(selected) ? LKST_MASKSET_SELECTED : 0) |
			 (mset->builtin ? LKST_MASKSET_BUILTIN : 0);
	memcpy(maskset->name, mset->name, sizeof(maskset->name));
	memcpy(maskset->handler, mset->handler, sizeof(maskset->handler));
	return 0;
}

static int check(const struct lkst_maskset *maskset)
{
	unsigned int event;
	u8 handler;

	if (!lkst_name_ok(maskset->name))
		return -EINVAL;
	for (event = 0; event < LKST_NR_EVENTS; event++) {
		handler = maskset->handler[event];
		if (handler == LKST_HANDLER_NONE)
			continue;
		if (!catalogue[event] || !lkst_handler_exists(handler))
			return -EINVAL;
	}
	return 0;
}

static int choose_id(struct lkst_maskset *maskset)
{
	u32 id, unused = LKST_ANY_ID;

	for (id = LKST_MAX_MASKSETS; id-- > 0;) {
		if (!msets[id])
			unused = id;
		else if (id != maskset->id && !strcmp(msets[id]->name, maskset->name))
			return -EEXIST;
	}
	if (maskset->id == LKST_ANY_ID)
		maskset->id = unused;
	else if (!find(maskset->id))
		return -ENOENT;
	else if (msets[maskset->id]->builtin)
		return -EBUSY;
	return maskset->id == LKST_ANY_ID ? -ENOSPC : 0;
}

/* The points of both tables are attached while the change is made, so no event falls between them. */
static void replace(struct mset *old, struct mset *new)
{
	if (old == target)
		WRITE_ONCE(target, new);
	if (old != READ_ONCE(selected))
		return;
	WRITE_ONCE(selected, new);
	if (lkst_run_state() == LKST_RUNNING) {
		lkst_update_attachments();
		WRITE_ONCE(lkst_active, new->handler);
	}
}

int lkst_maskset_write(struct lkst_maskset *maskset, bool owned)
{
	struct mset *old, *new;
	int err = check(maskset);

	if (!err)
		err = choose_id(maskset);
	if (err)
		return err;
	new = kvzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->id = maskset->id;
	memcpy(new->name, maskset->name, sizeof(new->name));
	memcpy(new->handler, maskset->handler, sizeof(new->handler));
	old = msets[new->id];
	new->owned = old ? old->owned : owned;
	msets[new->id] = new;
	if (old) {
		replace(old, new);
		lkst_wait_writers();
		kvfree(old);
	}
	return 0;
}

int lkst_maskset_select(u32 id)
{
	struct mset *mset = find(id), *before = READ_ONCE(selected);

	if (!mset)
		return -ENOENT;
	WRITE_ONCE(selected, mset);
	if (lkst_run_state() != LKST_RUNNING)
		return 0;
	lkst_update_attachments();
	WRITE_ONCE(lkst_active, mset->handler);
	lkst_emit(LKST_MASKSET, before->id, mset->id);
	return 0;
}

int lkst_maskset_delete(u32 id)
{
	struct mset *mset = find(id);

	if (!mset)
		return -ENOENT;
	if (mset->builtin || mset == READ_ONCE(selected) || mset == target)
		return -EBUSY;
	msets[id] = NULL;
	lkst_wait_writers();
	kvfree(mset);
	return 0;
}

void lkst_maskset_delete_owned(void)
{
	u32 id;

	for (id = 0; id < LKST_MAX_MASKSETS; id++) {
		if (!msets[id] || !msets[id]->owned)
			continue;
		if (msets[id] == READ_ONCE(selected))
			lkst_maskset_select(LKST_MASKSET_RDEFAULT);
		lkst_maskset_delete(id);
	}
}

void lkst_maskset_disown(void)
{
	u32 id;

	for (id = 0; id < LKST_MAX_MASKSETS; id++)
		if (msets[id])
			msets[id]->owned = false;
}

u32 lkst_maskset_find(const char *text)
{
	unsigned int id;

	if (!kstrtouint(text, 0, &id))
		return find(id) ? id : LKST_ANY_ID;
	for (id = 0; id < LKST_MAX_MASKSETS; id++)
		if (msets[id] && !strcmp(msets[id]->name, text))
			return id;
	return LKST_ANY_ID;
}

u32 lkst_maskset_selected(void)
{
	return READ_ONCE(selected)->id;
}

const u8 *lkst_maskset_table(void)
{
	return READ_ONCE(selected)->handler;
}

void lkst_maskset_switch(const u8 *table)
{
	struct mset *to = READ_ONCE(target), *from = READ_ONCE(selected);

	/* Only from the table in force: recording may have been stopped since, and is not to be started here. */
	if (!to || to == from || cmpxchg(&lkst_active, table, (const u8 *)to->handler) != table)
		return;
	WRITE_ONCE(selected, to);
	lkst_emit(LKST_MASKSET, from->id, to->id);
}

int lkst_maskset_set_target(s64 id)
{
	if (id >= LKST_MAX_MASKSETS || (id >= 0 && !msets[id]))
		return -ENOENT;
	WRITE_ONCE(target, id < 0 ? NULL : msets[id]);
	return 0;
}

static void add_wanted(const struct mset *mset, unsigned long *wanted)
{
	unsigned int event;

	for (event = 0; mset && event < LKST_NR_EVENTS; event++)
		if (mset->handler[event] != LKST_HANDLER_NONE)
			__set_bit(event, wanted);
}

void lkst_maskset_wanted(unsigned long *wanted)
{
	bitmap_zero(wanted, LKST_NR_EVENTS);
	add_wanted(READ_ONCE(selected), wanted);
	add_wanted(READ_ONCE(target), wanted);
}
