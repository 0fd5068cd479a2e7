// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * session.c - a recording of one's own.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "catalogue.h"
#include "cli.h"
#include "device.h"
#include "dump.h"
#include "session.h"

#define SUBBUF_SIZE	16384U		/* the module's default */
#define DEFAULT_SIZE	(1U << 20)
#define MIN_SUBBUFS	2U
#define MAX_SUBBUFS	4096U
#define LOOK_MS		100

volatile int lkst_end_asked;

static void ask_end(int sig)
{
	(void)sig;
	lkst_end_asked++;
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

	if (!list[strspn(list, ",")])
		lkst_usage_error("list of events '%s': give events and groups, with commas between them", list);
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
	if (s->size && !s->quiet)
		lkst_tell_rounded(s->size, (lkst_u64)b->nr_subbufs * b->subbuf_size, MIN_SUBBUFS * SUBBUF_SIZE);
}

/*
 * When it was started, in clock ticks, plus 1: that tells it from a later one of its number. 0: it has ended, which its parent
 * may not know yet; while it has threads, a first one that ended (state Z, too) means nothing.
 */
static lkst_u64 start_of(unsigned int pid)
{
	char path[64], line[512], state, *end;
	unsigned long long start;
	long threads;
	size_t got;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%u/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	got = fread(line, 1, sizeof(line) - 1, f);
	fclose(f);
	line[got] = 0;
	end = strrchr(line, ')');
	if (!end || sscanf(end + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld %*s %llu",
			   &state, &threads, &start) != 3)
		return 0;
	return strchr("ZXx", state) && threads < 2 ? 0 : start + 1;
}

int lkst_session_process_ended(struct lkst_session *s)
{
	lkst_u64 now = lkst_now_ms();

	if (!s->pid || now < s->look_ms)
		return 0;
	s->look_ms = now + LOOK_MS;
	return start_of(s->pid) != s->pid_start;
}

static void choose_process(struct lkst_session *s, struct lkst_maskset *m)
{
	unsigned int i, tgid = lkst_tgid_of(s->pid);
	struct lkst_handler_info h;

	s->pid_start = start_of(s->pid);
	if (!s->pid_start)
		lkst_die(LKST_EXIT_FAILED, "choosing process %u: there is no such process", s->pid);
	if (tgid != s->pid)
		lkst_die(LKST_EXIT_FAILED, "choosing process %u: it is a thread of process %u (give that)", s->pid, tgid);
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
	if (s->pid)
		choose_process(s, &m);
	m.id = LKST_ANY_ID;
	snprintf(m.name, sizeof(m.name), "lkst-%d", (int)getpid());
	lkst_request(s->ctl, LKST_IOC_MASKSET_WRITE, &m, "making a maskset");
	return m.id;
}

lkst_u32 lkst_session_owner(int fd)
{
	struct lkst_buffer_info b;

	memset(&b, 0, sizeof(b));
	for (; lkst_next_buffer(fd, &b); b.id++)
		if (b.owner)
			return b.owner;
	return 0;
}

/* "it is NAME: " of a process, "" where the kernel does not tell: before 2.6.33. */
static const char *name_of(lkst_u32 pid, char text[32])
{
	char path[32], name[16];
	FILE *f;

	text[0] = 0;
	snprintf(path, sizeof(path), "/proc/%u/comm", pid);
	f = fopen(path, "r");
	if (f && fscanf(f, "%15[^\n]", name) == 1)
		snprintf(text, 32, "it is %s: ", name);
	if (f)
		fclose(f);
	return text;
}

void lkst_refuse_owner(int fd, const char *fmt, ...)
{
	lkst_u32 pid = lkst_session_owner(fd);
	char doing[160], name[32];
	va_list ap;

	if (!pid)
		return;
	va_start(ap, fmt);
	vsnprintf(doing, sizeof(doing), fmt, ap);
	va_end(ap);
	lkst_die(LKST_EXIT_FAILED, "%s: process %u is recording (%swait for it, or end it)", doing, pid,
		 name_of(pid, name));
}

/* One buffer and one maskset are selected at a time: a second recording would take both from the first, unseen. */
static void own(int ctl)
{
	if (!lkst_ioctl(ctl, LKST_IOC_OWN, NULL))
		return;
	if (errno == ENOTTY)
		lkst_die(LKST_EXIT_UNAVAILABLE, "beginning to record: the module is older than this program (%s); install module "
			 "and utilities of one release", LKST_VERSION);
	if (errno != EBUSY)
		lkst_die(LKST_EXIT_FAILED, "beginning to record: %s", lkst_explain(errno));
	lkst_refuse_owner(ctl, "beginning to record");
	lkst_die(LKST_EXIT_FAILED, "beginning to record: another program is about to (try again)");
}

void lkst_session_begin(struct lkst_session *s)
{
	lkst_u32 maskset;

	/* "lkst live | head" is to clean up like any other end. */
	signal(SIGPIPE, SIG_IGN);
	s->ctl = lkst_open(LKST_CONTROL, 1);
	own(s->ctl);
	current = s;
	atexit(end_at_exit);
	make_buffer(s);
	maskset = make_maskset(s);
	lkst_request(s->ctl, LKST_IOC_STOP, NULL, "stopping");
	lkst_request(s->ctl, LKST_IOC_BUFFER_SELECT, &s->buffer.id, "selecting buffer %u", s->buffer.id);
	lkst_request(s->ctl, LKST_IOC_MASKSET_SELECT, &maskset, "selecting maskset %u", maskset);
}

/* The module does it all when its owner closes the file, as it does for one that was killed. */
void lkst_session_end(struct lkst_session *s)
{
	if (current != s)
		return;
	current = NULL;
	lkst_ioctl(s->ctl, LKST_IOC_STOP, NULL);
	close(s->ctl);
}
