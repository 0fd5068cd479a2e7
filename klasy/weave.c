// SPDX-License-Identifier: GPL-2.0-only
/*
 * weave.c - aspects in the running kernel: loads, lists, reads and removes their modules.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli.h"
#include "weave.h"

#define PREFIX	"klasy_"
#define LOCK	"/run/klasy.lock"

enum { ADDRESSES = 2048 };	/* of sections, as text */

unsigned int klasy_number(const char *name)
{
	unsigned int hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	hash = (hash >> 16 ^ hash) & 0xffff;
	return hash ? hash : 1;
}

/* ---- loading ---- */

/* "key=value" of the module's own description. */
static bool modinfo(const char *file, size_t size, const char *key, char *value, size_t room)
{
	size_t n = strlen(key);
	const char *at = file, *end = file + size;

	while ((at = memmem(at, (size_t)(end - at), key, n))) {
		if (at > file && !at[-1] && at + n < end && at[n] == '=') {
			at += n + 1;
			snprintf(value, room, "%.*s", (int)strnlen(at, (size_t)(end - at)), at);
			return true;
		}
		at += n;
	}
	return false;
}

/* Of the kernel, or of a module. */
static bool running_build_id(const char *path, char *text, size_t room)
{
	unsigned char notes[4096];
	uint32_t head[3];
	size_t at = 0, size, i;
	FILE *f = fopen(path, "re");

	if (!f)
		return false;
	size = fread(notes, 1, sizeof(notes), f);
	fclose(f);
	while (at + sizeof(head) <= size) {
		size_t desc;

		memcpy(head, notes + at, sizeof(head));
		desc = at + sizeof(head) + ((head[0] + 3) & ~3u);
		if (desc + head[1] > size)
			break;
		if (head[2] == 3 && head[0] == 4 && !memcmp(notes + at + sizeof(head), "GNU", 4)) {
			for (i = 0; i < head[1] && 2 * i + 2 < room; i++)
				sprintf(text + 2 * i, "%02x", notes[desc + i]);
			return true;
		}
		at = desc + ((head[1] + 3) & ~3u);
	}
	return false;
}

/* Is a word in a file of the kernel's? */
static bool says(const char *path, const char *word)
{
	char line[512];
	bool found = false;
	FILE *f = fopen(path, "re");

	while (f && !found && fgets(line, sizeof(line), f))
		found = strstr(line, word);
	if (f)
		fclose(f);
	return found;
}

static bool locked_down(void)
{
	const char *path = "/sys/kernel/security/lockdown";

	return says(path, "[integrity]") || says(path, "[confidentiality]");
}

static int explain(int err, const char *path, const char *name)
{
	switch (err) {
	case EPERM:
	case EKEYREJECTED:
		if (locked_down())
			lkst_warn("weaving %s: the kernel is locked down and takes signed modules only", name);
		else
			lkst_warn("weaving %s: needs CAP_SYS_MODULE, and a kernel that takes modules without "
				  "signature", name);
		return LKST_EXIT_UNAVAILABLE;
	case EEXIST:
		lkst_warn("weaving %s: an aspect of that name is woven: 'klasy unweave %s', or give another --name",
			  name, name);
		return LKST_EXIT_FAILED;
	case ESTALE:
		lkst_warn("weaving %s: it was made for another kernel, or another version of the module (build id): "
			  "build it again", name);
		return LKST_EXIT_UNAVAILABLE;
	case EILSEQ:
		lkst_warn("weaving %s: the kernel has other code than expected at a place: dmesg says where; "
			  "nothing was woven", name);
		return LKST_EXIT_FAILED;
	case ENOPKG:
		lkst_warn("weaving %s: the tracer is not there: 'modprobe lkst' first", name);
		return LKST_EXIT_UNAVAILABLE;
	case ENOENT:
		if (!says("/proc/kallsyms", " register_kprobe\n")) {
			lkst_warn("weaving %s: this kernel has no kprobes", name);
			return LKST_EXIT_UNAVAILABLE;
		}
		lkst_warn("weaving %s: the bodies use what the kernel does not export: dmesg names it", name);
		return LKST_EXIT_FAILED;
	case ENOEXEC:
		lkst_warn("weaving %s: %s is not for this kernel: dmesg says why", name, path);
		return LKST_EXIT_UNAVAILABLE;
	case ENXIO:
		lkst_warn("weaving %s: the kernel forbids probes at all of its places", name);
		return LKST_EXIT_FAILED;
	default:
		lkst_warn("weaving %s: %s", name, strerror(err));
		return LKST_EXIT_FAILED;
	}
}

static void same_number(const char *name, void *arg)
{
	const char **other = arg;

	if (!*other && strcmp(name, other[1]) && klasy_number(name) == klasy_number(other[1]))
		*other = strdup(name);
}

/*
 * The module that an aspect is woven into: is it there, and the right one? Writes the addresses of its sections as a
 * parameter. Returns enum lkst_exit.
 */
static int find_module(const char *module, char *sections, const char *wanted, const char *name, char at[ADDRESSES])
{
	char path[256], line[64], *section, *state = NULL, *running = line;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/module/%s/notes/.note.gnu.build-id", module);
	if (access(path, F_OK)) {
		lkst_warn("weaving %s: the module %s is not loaded: 'modprobe %s' first", name, module, module);
		return LKST_EXIT_UNAVAILABLE;
	}
	if (running_build_id(path, running, sizeof(line)) && strcmp(running, wanted))
		return explain(ESTALE, module, name);
	n = (size_t)snprintf(at, ADDRESSES, " at=");
	for (section = strtok_r(sections, ",", &state); section; section = strtok_r(NULL, ",", &state)) {
		snprintf(path, sizeof(path), "/sys/module/%s/sections/%s", module, section);
		f = fopen(path, "re");
		if (!f || !fgets(line, sizeof(line), f)) {
			lkst_warn("weaving %s: reading %s: %s", name, path, strerror(errno));
			if (f)
				fclose(f);
			return errno == EACCES ? LKST_EXIT_UNAVAILABLE : LKST_EXIT_FAILED;
		}
		fclose(f);
		line[strcspn(line, "\n")] = 0;
		n += (size_t)snprintf(at + n, ADDRESSES - n, "%s%s", n > 4 ? "," : "", line);
		if (n >= ADDRESSES) {
			lkst_warn("weaving %s: the module %s has too many sections", name, module);
			return LKST_EXIT_FAILED;
		}
	}
	return LKST_EXIT_DONE;
}

/* One at a time: each turns the optimisation of probes off and puts it back to what it found. Held until the module's
 * start is over, also when this program is killed meanwhile: a process does not end inside of a system call. */
static int load_locked(int fd, unsigned int breaker, const char *at)
{
	int lock = open(LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600), err;
	char parameters[64 + ADDRESSES];

	if (lock >= 0)
		flock(lock, LOCK_EX);
	snprintf(parameters, sizeof(parameters), "breaker=%u%s", breaker, at);
	err = syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;
	if (lock >= 0)
		close(lock);
	return err;
}

int klasy_load(const char *path, unsigned int breaker, char name[KLASY_NAME_LEN])
{
	char wanted[64], running[64], module[64] = "", sections[2048] = "", at[ADDRESSES] = "";
	const char *other[2] = { NULL, name };
	struct stat st;
	char *file;
	bool ours;
	int fd, err;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st)) {
		lkst_warn("opening %s: %s", path, strerror(errno));
		return LKST_EXIT_FAILED;
	}
	file = st.st_size > 0 ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	ours = file != MAP_FAILED && modinfo(file, (size_t)st.st_size, "klasy_name", name, KLASY_NAME_LEN) &&
	       modinfo(file, (size_t)st.st_size, "klasy_build_id", wanted, sizeof(wanted));
	if (ours && modinfo(file, (size_t)st.st_size, "klasy_module", module, sizeof(module)))
		modinfo(file, (size_t)st.st_size, "klasy_sections", sections, sizeof(sections));
	if (file != MAP_FAILED)
		munmap(file, (size_t)st.st_size);
	if (!ours) {
		lkst_warn("weaving %s: it is no module that 'klasy build' made", path);
		close(fd);
		return LKST_EXIT_FAILED;
	}
	err = LKST_EXIT_DONE;
	if (*module)
		err = find_module(module, sections, wanted, name, at);
	else if (running_build_id("/sys/kernel/notes", running, sizeof(running)) && strcmp(running, wanted))
		err = explain(ESTALE, path, name);
	if (err) {
		close(fd);
		return err;
	}
	klasy_woven(same_number, other);
	if (other[0]) {
		lkst_warn("weaving %s: %s is woven and has the same number in records: give another --name", name,
			  other[0]);
		close(fd);
		return LKST_EXIT_FAILED;
	}
	err = load_locked(fd, breaker, at);
	close(fd);
	return err ? explain(err, path, name) : LKST_EXIT_DONE;
}

int klasy_unload(const char *name)
{
	char module[KLASY_NAME_LEN + sizeof(PREFIX)];

	snprintf(module, sizeof(module), PREFIX "%.*s", KLASY_NAME_LEN - 1, name);
	if (!syscall(SYS_delete_module, module, O_NONBLOCK))
		return LKST_EXIT_DONE;
	switch (errno) {
	case ENOENT:
		return klasy_not_woven(name);
	case EPERM:
		lkst_warn("unweaving %s: needs CAP_SYS_MODULE", name);
		return LKST_EXIT_UNAVAILABLE;
	default:
		lkst_warn("unweaving %s: %s", name, strerror(errno));
		return LKST_EXIT_FAILED;
	}
}

int klasy_not_woven(const char *name)
{
	if (access("/sys/module/lkst", F_OK)) {
		lkst_warn("no aspect '%s' is woven: the tracer is not there, without which none can be (modprobe lkst)",
			  name);
		return LKST_EXIT_UNAVAILABLE;
	}
	lkst_warn("no aspect '%s' is woven ('klasy list' has those that are)", name);
	return LKST_EXIT_FAILED;
}

/* ---- looking ---- */

/* Up to the next tab. */
static void take_word(char **from, char *to, size_t room)
{
	size_t n = strcspn(*from, "\t");

	snprintf(to, room, "%.*s", (int)n, *from);
	*from += n + ((*from)[n] == '\t');
}

static void read_site(struct klasy_status *s, char *line)
{
	struct klasy_place_status site = { 0 };
	unsigned long long n[5];
	int at = 0;
	char *word;

	if (sscanf(line, "%u\t%d\t%llu\t%llu\t%llu\t%llu\t%llu\t%n", &site.number, &site.err, &n[0], &n[1], &n[2],
		   &n[3], &n[4], &at) != 7 || !at)
		return;
	word = line + at;
	site.hits = n[0];
	site.null = n[1];
	site.unreadable = n[2];
	site.full = n[3];
	site.missed = n[4];
	take_word(&word, site.place, sizeof(site.place));
	site.place[strcspn(site.place, "/")] = 0;
	take_word(&word, site.how, sizeof(site.how));
	take_word(&word, site.obstacle, sizeof(site.obstacle));
	take_word(&word, site.what, sizeof(site.what));
	s->site = lkst_xrealloc(s->site, (s->sites + 1) * sizeof(*s->site));
	s->site[s->sites++] = site;
}

bool klasy_status_read(const char *name, struct klasy_status *s)
{
	char path[64 + KLASY_NAME_LEN], line[2048];
	FILE *f;

	memset(s, 0, sizeof(*s));
	snprintf(s->name, sizeof(s->name), "%s", name);
	errno = ENOENT;
	if (strchr(name, '/') || strcmp(s->name, name))
		return false;
	snprintf(path, sizeof(path), "/proc/" PREFIX "%s", name);
	f = fopen(path, "re");
	if (!f)
		return false;
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		sscanf(line, "source\t%511[^\n]", s->source);
		sscanf(line, "aspect\t%u", &s->aspect);
		sscanf(line, "handler\t%u", &s->handler);
		sscanf(line, "limit\t%u", &s->limit);
		sscanf(line, "took\t%u", &s->took);
		s->stopped |= !strcmp(line, "state\tstopped");
		if (!strncmp(line, "site\t", 5))
			read_site(s, line + 5);
	}
	fclose(f);
	return true;
}

void klasy_status_free(struct klasy_status *s)
{
	free(s->site);
	memset(s, 0, sizeof(*s));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void klasy_woven(void (*fn)(const char *name, void *arg), void *arg)
{
	char line[512], **name = NULL;
	size_t n = 0, i;
	FILE *f = fopen("/proc/modules", "re");

	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, PREFIX, strlen(PREFIX)))
			continue;
		line[strcspn(line, " ")] = 0;
		name = lkst_xrealloc(name, (n + 1) * sizeof(*name));
		name[n] = strdup(line + strlen(PREFIX));
		n += name[n] != NULL;
	}
	if (f)
		fclose(f);
	if (n)
		qsort(name, n, sizeof(*name), by_name);
	for (i = 0; i < n; i++) {
		fn(name[i], arg);
		free(name[i]);
	}
	free(name);
}
