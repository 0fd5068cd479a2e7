// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * session.c - a recording of one's own.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "catalogue.h"
#include "cli.h"
#include "device.h"
#include "session.h"

#define SUBBUF_SIZE	16384U		/* the module's default */
#define DEFAULT_SIZE	(1U << 20)
#define MIN_SUBBUFS	2U
#define MAX_SUBBUFS	4096U

volatile int lkst_end_asked;

static void ask_end(int sig)
{
	(void)sig;
	lkst_end_asked = 1;
}

void lkst_catch_end(void)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = ask_end;	/* without SA_RESTART: poll() is to return */
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

static int mask_word(struct lkst_maskset *m, const char *word, unsigned int handler)
{
	unsigned int i, count;
	const struct lkst_event_desc *e = lkst_event_by_name(word), *all = lkst_catalogue(&count);
	unsigned long id;
	char *end;
	int found = 0;

	if (!e && *word >= '0' && *word <= '9') {
		id = strtoul(word, &end, 0);
		e = *end || id >= LKST_NR_EVENTS ? NULL : lkst_event_by_id((unsigned int)id);
	}
	if (e) {
		m->handler[e->id] = (lkst_u8)handler;
		return 1;
	}
	for (i = 0; i < count; i++) {
		if (strcasecmp(lkst_group_name(all[i].group), word))
			continue;
		m->handler[all[i].id] = (lkst_u8)handler;
		found = 1;
	}
	return found;
}

void lkst_mask_events(struct lkst_maskset *m, const char *list, unsigned int handler)
{
	char word[64];
	size_t len;

	for (;; list += len + 1) {
		len = strcspn(list, ",");
		snprintf(word, sizeof(word), "%.*s", (int)len, list);
		if (len && (len >= sizeof(word) || !mask_word(m, word, handler)))
			lkst_no_such_event(word);
		if (!list[len])
			return;
	}
}

/* At exit(3) after an error: the session there is, if any. */
static struct lkst_session *current;

static void end_at_exit(void)
{
	if (current)
		lkst_session_end(current);
}

static void make_buffer(struct lkst_session *s)
{
	struct lkst_buffer_info *b = &s->buffer;
	lkst_u64 want = s->size ? s->size : DEFAULT_SIZE;

	memset(b, 0, sizeof(*b));
	snprintf(b->name, sizeof(b->name), "lkst-%d", (int)getpid());
	b->mode = s->mode;
	b->subbuf_size = SUBBUF_SIZE;
	for (b->nr_subbufs = MIN_SUBBUFS; (lkst_u64)b->nr_subbufs * b->subbuf_size < want; )
		if (b->nr_subbufs < MAX_SUBBUFS)
			b->nr_subbufs *= 2;
		else
			b->subbuf_size *= 2;
	lkst_request(s->ctl, LKST_IOC_BUFFER_CREATE, b, "making a buffer of %llu bytes for each CPU",
		     (lkst_u64)b->nr_subbufs * b->subbuf_size);
	s->begun = 1;
}

static void choose_process(struct lkst_session *s, struct lkst_maskset *m)
{
	struct lkst_handler_info h;
	unsigned int i;

	for (i = 0; i < LKST_NR_EVENTS; i++)
		if (m->handler[i] == LKST_HANDLER_RECORD)
			m->handler[i] = LKST_HANDLER_PID;
	memset(&h, 0, sizeof(h));
	h.id = LKST_HANDLER_PID;
	h.param = s->pid;
	lkst_request(s->ctl, LKST_IOC_HANDLER_SET, &h, "choosing process %u", s->pid);
}

/* The maskset as it is, or a changed copy of it. Returns its id. */
static lkst_u32 make_maskset(struct lkst_session *s)
{
	const char *base = s->maskset ? s->maskset : s->events ? "RNOTHING" : "RDEFAULT";
	struct lkst_maskset m;

	lkst_find_maskset(s->ctl, base, &m);
	snprintf(s->maskset_name, sizeof(s->maskset_name), "%.*s", LKST_NAME_LEN - 1, m.name);
	if (!s->events && !s->pid)
		return m.id;
	if (s->events)
		lkst_mask_events(&m, s->events, LKST_HANDLER_RECORD);
	if (s->pid && kill((pid_t)s->pid, 0) && errno == ESRCH)
		lkst_die(LKST_EXIT_FAILED, "choosing process %u: there is no such process", s->pid);
	if (s->pid)
		choose_process(s, &m);
	m.id = LKST_ANY_ID;
	snprintf(m.name, sizeof(m.name), "lkst-%d", (int)getpid());
	lkst_request(s->ctl, LKST_IOC_MASKSET_WRITE, &m, "making a maskset");
	s->own_maskset = m.id;
	return m.id;
}

/* Is it the name of a session whose program was killed before it could clean up? */
static pid_t owner_of(const char *name)
{
	char *end;
	long pid;

	if (strncmp(name, "lkst-", 5) || name[5] < '0' || name[5] > '9')
		return 0;
	pid = strtol(name + 5, &end, 10);
	return *end ? 0 : (pid_t)pid;
}

static int is_dead(const char *name)
{
	pid_t pid = owner_of(name);

	return pid && kill(pid, 0) && errno == ESRCH;
}

/* One buffer and one maskset are selected at a time: a second recording would take both from the first, unseen. */
static void refuse_second(int ctl)
{
	struct lkst_info info;
	struct lkst_buffer_info b;

	lkst_request(ctl, LKST_IOC_INFO, &info, "asking the module for its state");
	memset(&b, 0, sizeof(b));
	for (; info.state == LKST_RUNNING && lkst_next_buffer(ctl, &b); b.id++)
		if (b.flags & LKST_BUFFER_SELECTED && owner_of(b.name))
			lkst_die(LKST_EXIT_FAILED, "beginning to record: process %d is recording (wait for it, or end it)",
				 (int)owner_of(b.name));
}

/* What kill -9 left: its buffer and maskset, perhaps selected and recorded into. */
static void bury_dead(int ctl)
{
	struct lkst_buffer_info b, other;
	struct lkst_maskset m;
	lkst_u32 other_id;

	memset(&m, 0, sizeof(m));
	for (; lkst_next_maskset(ctl, &m); m.id++) {
		other_id = LKST_MASKSET_RDEFAULT;
		if (!is_dead(m.name))
			continue;
		if (m.flags & LKST_MASKSET_SELECTED)
			lkst_ioctl(ctl, LKST_IOC_MASKSET_SELECT, &other_id);
		lkst_ioctl(ctl, LKST_IOC_MASKSET_DELETE, &m.id);
	}
	memset(&b, 0, sizeof(b));
	for (; lkst_next_buffer(ctl, &b); b.id++) {
		if (!is_dead(b.name))
			continue;
		if (b.flags & LKST_BUFFER_SELECTED) {
			lkst_ioctl(ctl, LKST_IOC_STOP, NULL);
			memset(&other, 0, sizeof(other));
			while (lkst_next_buffer(ctl, &other) && is_dead(other.name))
				other.id++;
			lkst_ioctl(ctl, LKST_IOC_BUFFER_SELECT, &other.id);
		}
		lkst_ioctl(ctl, LKST_IOC_BUFFER_DELETE, &b.id);
	}
}

void lkst_session_begin(struct lkst_session *s)
{
	lkst_u32 maskset;

	/* "lkst live | head" is to clean up like any other end. */
	signal(SIGPIPE, SIG_IGN);
	s->ctl = lkst_open(LKST_CONTROL, 1);
	s->own_maskset = LKST_ANY_ID;
	bury_dead(s->ctl);
	refuse_second(s->ctl);
	lkst_request(s->ctl, LKST_IOC_INFO, &s->before, "asking the module for its state");
	current = s;
	atexit(end_at_exit);
	make_buffer(s);
	maskset = make_maskset(s);
	lkst_request(s->ctl, LKST_IOC_STOP, NULL, "stopping");
	s->begun = 2;
	lkst_request(s->ctl, LKST_IOC_BUFFER_SELECT, &s->buffer.id, "selecting buffer %u", s->buffer.id);
	lkst_request(s->ctl, LKST_IOC_MASKSET_SELECT, &maskset, "selecting maskset %u", maskset);
}

/* Nothing of this may end the program: each step undoes what it can. */
void lkst_session_end(struct lkst_session *s)
{
	if (current != s)
		return;
	current = NULL;
	if (s->begun >= 2) {
		lkst_ioctl(s->ctl, LKST_IOC_STOP, NULL);
		/* LKST_ANY_ID selects no buffer, as it was before. */
		lkst_ioctl(s->ctl, LKST_IOC_BUFFER_SELECT, &s->before.buffer);
		lkst_ioctl(s->ctl, LKST_IOC_MASKSET_SELECT, &s->before.maskset);
	}
	if (s->own_maskset != LKST_ANY_ID && lkst_ioctl(s->ctl, LKST_IOC_MASKSET_DELETE, &s->own_maskset))
		lkst_warn("deleting maskset %u: %s", s->own_maskset, lkst_explain(errno));
	if (s->begun && lkst_ioctl(s->ctl, LKST_IOC_BUFFER_DELETE, &s->buffer.id))
		lkst_warn("deleting buffer %u: %s", s->buffer.id, lkst_explain(errno));
	if (s->begun >= 2 && s->before.state == LKST_RUNNING && lkst_ioctl(s->ctl, LKST_IOC_START, NULL))
		lkst_warn("starting again: %s", lkst_explain(errno));
	close(s->ctl);
}
