// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * dump.c - the state of the machine as text packets. Reads /proc only, which kernels from 2.4 on have in the same form or in
 * one told apart here.
 */
#include <ctype.h>
#include <dirent.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <lkst/event.h>

#include "device.h"
#include "dump.h"
#include "syscalls.h"

/* Cut where it does not fit. */
#define COPY(field, from)	snprintf(field, sizeof(field), "%.*s", (int)sizeof(field) - 1, from)

/* "c0ffee00-...", 16 bytes; stays 0 where it is not to be had. */
static void read_boot(lkst_u8 *boot)
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
	unsigned int i, byte;

	for (i = 0; f && i < 16 && fscanf(f, "%2x%*[-]", &byte) == 1; i++)
		boot[i] = (lkst_u8)byte;
	if (f)
		fclose(f);
}

void lkst_dump_header(struct lkst_file_header *header, const struct lkst_info *info)
{
	struct utsname u;

	memset(header, 0, sizeof(*header));
	header->clock = info->clock;
	header->tick_hz = info->tick_hz;
	header->ticks = info->ticks;
	header->mono_ns = info->mono_ns;
	header->real_ns = info->real_ns;
	header->nr_cpus = info->nr_cpus;
	read_boot(header->boot);
	if (uname(&u))
		return;
	header->word_bits = strstr(u.machine, "64") ? 64 : 32;
	COPY(header->machine, u.machine);
	COPY(header->release, u.release);
	COPY(header->kernel, u.version);
	COPY(header->host, u.nodename);
}

void lkst_dump_comment(struct lkst_writer *w, const char *key, const char *value)
{
	struct lkst_text t;

	lkst_text_begin(&t, w, LKST_PKT_COMMENT);
	lkst_text_line(&t, "%s\t%s", key, value);
	lkst_text_end(&t);
}

void lkst_dump_clock(struct lkst_writer *w, const struct lkst_info *info)
{
	struct lkst_text t;

	lkst_text_begin(&t, w, LKST_PKT_CLOCK);
	lkst_text_line(&t, "%llu\t%llu\t%llu", info->ticks, info->mono_ns, info->real_ns);
	lkst_text_end(&t);
}

/* Arguments as one string, with a comma after each. */
#define LKST_ARG(name, type, unit, meaning)	#name ":" #type ":" #unit ","
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning)	{ id, #NAME, #group, args },
static const struct {
	unsigned int id;
	const char *name, *group, *args;
} events[] = {
#include <lkst/events.def>
};
#undef LKST_EVENT
#undef LKST_ARG

void lkst_dump_events(struct lkst_writer *w)
{
	struct lkst_text t;
	unsigned int i;

	lkst_text_begin(&t, w, LKST_PKT_EVENTS);
	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		lkst_text_line(&t, "0x%03x\t%s\t%s\t%.*s", events[i].id, events[i].name, events[i].group,
			       (int)strlen(events[i].args) - 1, events[i].args);
	lkst_text_end(&t);
}

/* Threads told of in this file, by id. */
static unsigned char told[(1U << LKST_PID_BITS) / 8];

/* "pid (name) state ppid ...": the name may hold anything, ')' and line ends too. */
static void dump_task(struct lkst_text *t, const char *dir, unsigned int pid, unsigned int tgid)
{
	char path[96], line[512], *name, *end;
	unsigned int ppid = 0;
	size_t got;
	FILE *f;

	snprintf(path, sizeof(path), "%s/stat", dir);
	f = fopen(path, "re");
	if (!f)
		return;
	got = fread(line, 1, sizeof(line) - 1, f);
	fclose(f);
	line[got] = 0;
	name = strchr(line, '(');
	end = strrchr(line, ')');
	if (!name || !end || end < name)
		return;
	*end = 0;
	sscanf(end + 1, " %*c %u", &ppid);
	for (name++, end = name; *end; end++)
		if (*end == '\t')
			*end = '?';
	lkst_text_line(t, "%u\t%u\t%u\t%s", pid, tgid, ppid, name);
	told[pid / 8 % sizeof(told)] |= (unsigned char)(1 << pid % 8);
}

/* Kernels before 2.6 list every thread as a process; its process is in "status". */
unsigned int lkst_tgid_of(unsigned int pid)
{
	char path[64], line[128];
	unsigned int tgid = pid;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%u/status", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "Tgid: %u", &tgid) == 1)
			break;
	if (f)
		fclose(f);
	return tgid;
}

static void dump_process(struct lkst_text *t, unsigned int pid)
{
	char path[64];
	struct dirent *e;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%u/task", pid);
	tasks = opendir(path);
	if (!tasks) {
		snprintf(path, sizeof(path), "/proc/%u", pid);
		dump_task(t, path, pid, lkst_tgid_of(pid));
		return;
	}
	while ((e = readdir(tasks))) {
		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%u/task/%.10s", pid, e->d_name);
		dump_task(t, path, (unsigned int)strtoul(e->d_name, NULL, 10), pid);
	}
	closedir(tasks);
}

void lkst_dump_new_task(struct lkst_text *t, unsigned int pid)
{
	unsigned char *byte = &told[pid / 8 % sizeof(told)], bit = (unsigned char)(1 << pid % 8);
	char path[64];

	if (*byte & bit)
		return;
	*byte |= bit;	/* it is not looked for twice when it has gone, either */
	snprintf(path, sizeof(path), "/proc/%u", pid);
	dump_task(t, path, pid, lkst_tgid_of(pid));
}

void lkst_dump_command(struct lkst_writer *w, unsigned int pid, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct lkst_text t;

	lkst_text_begin(&t, w, LKST_PKT_TASKS);
	lkst_text_line(&t, "%u\t%u\t%u\t%.15s", pid, pid, (unsigned int)getpid(), slash ? slash + 1 : path);
	lkst_text_end(&t);
	told[pid / 8 % sizeof(told)] |= (unsigned char)(1 << pid % 8);
}

void lkst_dump_tasks(struct lkst_writer *w)
{
	struct lkst_text t;
	struct dirent *e;
	DIR *proc = opendir("/proc");

	lkst_text_begin(&t, w, LKST_PKT_TASKS);
	lkst_text_line(&t, "0\t0\t0\tswapper");	/* each CPU's idle task; /proc does not have it */
	while (proc && (e = readdir(proc)))
		if (isdigit((unsigned char)e->d_name[0]))
			dump_process(&t, (unsigned int)strtoul(e->d_name, NULL, 10));
	if (proc)
		closedir(proc);
	lkst_text_end(&t);
}

/* Skips one word and the blanks after it. */
static char *next_word(char *s)
{
	s += strcspn(s, " \t");
	return s + strspn(s, " \t");
}

/*
 * After the counts of each CPU come the controller, on newer kernels its input and the trigger ("2-edge"), then the names.
 * "  1:   9   0   IO-APIC   1-edge   i8042" and, on 2.4, "  1:   9   IO-APIC-edge  keyboard".
 */
static char *irq_names(char *s)
{
	char *word;

	while (isdigit((unsigned char)*s)) {
		word = next_word(s);
		if (s[strspn(s, "0123456789")] != ' ')
			break;
		s = word;
	}
	s = next_word(s);
	while (isdigit((unsigned char)*s) || !strncmp(s, "Edge", 4) || !strncmp(s, "Level", 5))
		s = next_word(s);
	return s;
}

static void dump_irqs(struct lkst_writer *w)
{
	struct lkst_text t;
	char line[8192], *s, *names;	/* 11 characters for each CPU */
	unsigned long irq;
	FILE *f = fopen("/proc/interrupts", "re");

	if (!f)
		return;
	lkst_text_begin(&t, w, LKST_PKT_IRQS);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		irq = strtoul(line, &s, 10);
		if (*s != ':')
			continue;	/* the head line, NMI, LOC... */
		s++;
		names = irq_names(s + strspn(s, " "));
		if (*names)
			lkst_text_line(&t, "%lu\t%s", irq, names);
	}
	lkst_text_end(&t);
	fclose(f);
}

static void dump_blocks(struct lkst_text *t)
{
	unsigned int major, minor;
	char line[256], name[64];
	FILE *f = fopen("/proc/partitions", "re");

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%u %u %*u %63s", &major, &minor, name) == 3)
			lkst_text_line(t, "block\t%u\t%s", major << 20 | minor, name);
	if (f)
		fclose(f);
}

static void dump_nets(struct lkst_text *t)
{
	char line[512], *name, *colon;
	unsigned int index;
	FILE *f = fopen("/proc/net/dev", "re");

	while (f && fgets(line, sizeof(line), f)) {
		colon = strrchr(line, ':');	/* "eth0:1" is an alias, "eth0:12345" a name and a count on 2.4 */
		if (!colon)
			continue;
		*colon = 0;
		name = line + strspn(line, " ");
		index = if_nametoindex(name);
		if (index)
			lkst_text_line(t, "net\t%u\t%s", index, name);
	}
	if (f)
		fclose(f);
}

void lkst_dump_syscalls(struct lkst_writer *w, const char *machine)
{
	const struct lkst_syscall *table;
	unsigned int i, count;
	struct lkst_text t;

	table = lkst_syscalls(machine, &count);
	lkst_text_begin(&t, w, LKST_PKT_SYSCALLS);
	for (i = 0; i < count; i++)
		lkst_text_line(&t, "%u\t%s", table[i].nr, table[i].name);
	lkst_text_end(&t);
}

/* Where 2.4 put a module: it has a system call for that. 0: not known. */
static lkst_u64 module_address(const char *name)
{
	enum { QM_INFO = 5 };
	struct {
		unsigned long address, size, flags;
		long users;
	} info;
	size_t size;

	return syscall(SYS_query_module, name, QM_INFO, &info, sizeof(info), &size) ? 0 : info.address;
}

/* "name size users by state address"; 2.4 has no address, nor has 2.6 for those who may not know. */
void lkst_dump_modules(struct lkst_writer *w)
{
	char line[4096], name[64], *at;
	lkst_u64 size, address;
	struct lkst_text t;
	FILE *f = fopen("/proc/modules", "re");

	if (!f)
		return;
	lkst_text_begin(&t, w, LKST_PKT_MODULES);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%63s %llu", name, &size) != 2)
			continue;
		at = strstr(line, " 0x");
		address = at ? strtoull(at, NULL, 16) : module_address(name);
		lkst_text_line(&t, "0x%llx\t0x%llx\t%s", address, size, name);
	}
	lkst_text_end(&t);
	fclose(f);
}

/* Each aspect that klasy(1) wove is a module klasy_NAME, and a file that has its number. */
static void dump_aspects(struct lkst_text *t)
{
	char line[4096], path[128];
	unsigned int number;
	FILE *own, *f = fopen("/proc/modules", "re");

	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, " \n")] = 0;
		if (strncmp(line, "klasy_", 6))
			continue;
		snprintf(path, sizeof(path), "/proc/%.100s", line);
		own = fopen(path, "re");
		while (own && fgets(path, sizeof(path), own))
			if (sscanf(path, "aspect\t%u", &number) == 1) {
				lkst_text_line(t, "aspect\t%u\t%s", number, line + 6);
				break;
			}
		if (own)
			fclose(own);
	}
	if (f)
		fclose(f);
}

void lkst_dump_probes(struct lkst_writer *w, int ctl)
{
	struct lkst_probe_info p;
	struct lkst_text t;

	lkst_text_begin(&t, w, LKST_PKT_PROBES);
	memset(&p, 0, sizeof(p));
	for (; !lkst_ioctl(ctl, LKST_IOC_PROBE_NEXT, &p); p.id++)
		lkst_text_line(&t, "%u\t%.*s+0x%llx", p.id, LKST_SYMBOL_LEN, p.symbol, p.offset);
	dump_aspects(&t);
	lkst_text_end(&t);
}

void lkst_dump_state(struct lkst_writer *w, int ctl)
{
	struct lkst_text t;
	struct utsname u;

	memset(told, 0, sizeof(told));
	told[0] = 1;	/* the idle tasks */
	lkst_dump_tasks(w);
	dump_irqs(w);
	lkst_text_begin(&t, w, LKST_PKT_DEVICES);
	dump_blocks(&t);
	dump_nets(&t);
	lkst_text_end(&t);
	if (!uname(&u))
		lkst_dump_syscalls(w, u.machine);
	lkst_dump_modules(w);
	lkst_dump_probes(w, ctl);
}

unsigned int lkst_dump_symbols(struct lkst_writer *w, const struct lkst_text_set *set)
{
	struct lkst_text_symbol *symbols;
	unsigned int i, count;
	struct lkst_text t;

	symbols = lkst_text_symbols(set, &count);
	lkst_text_begin(&t, w, LKST_PKT_SYMBOLS);
	for (i = 0; i < count; i++)
		lkst_text_line(&t, "0x%llx\t0x%llx\t%s", symbols[i].address,
			       symbols[i].end ? symbols[i].end - symbols[i].address : 0, symbols[i].name);
	lkst_text_end(&t);
	free(symbols);
	return count;
}
