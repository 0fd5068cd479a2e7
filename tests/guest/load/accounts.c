// SPDX-License-Identifier: GPL-2.0-only
/*
 * accounts.c - let the test module's writers run, read all they leave, and prove that nothing is unaccounted for:
 *
 *	produced == read + lost + overwritten on every CPU, produced counted by the writers
 *	no record twice, none torn (checksum), none missing but as many as reported lost or overwritten
 *	what a writer bound to one CPU wrote is without gaps wherever no loss is reported between two sub-buffers
 *
 * accounts [-m overwrite|discard] [-w WRITERS] [-e EVENTS] [-p PAUSE] [-s SUBBUF] [-n SUBBUFS] [-H HANDLER] [-M] [-i] [-l] [-f] [-S SWITCHES]
 *	-f close the sub-buffers in work each time before reading
 *	-M read by mmap, -i idle: read at the end only, -l a loss is an error,
 *	-x COMMAND to the module every 20 ms (-x twice: in turn): what comes and goes is the handler, so only the events that it
 *	was called for count as produced, and any may be missing between them
 *	-S switch to and fro between masksets that all record LKST_TEST, so often, and end the writers then
 * Prints NAME=VALUE lines. Exit status: 0 proved, 1 not, with the reason on stderr.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "dev.h"

#define MAX_CPUS	64
#define NR_WRITERS	7000	/* numbers as in tests/guest/kmod/test_accounts.c and test_steps.c */
#define FROM_CPU	1000	/* from here on: bound to a CPU */

static unsigned int mode, writers = 20, events = 100000, pause_every, subbuf_size = 16384, nr_subbufs = 64, use_mmap, idle, lossless, flushing;
static const char *handler_name = "record", *command[2];
static unsigned int nr_commands, switches;

static struct cpu {
	int fd;
	void *map;
	unsigned char *room;
	struct lkst_reader_bind bind;
	unsigned long long read, seq, gone;	/* gone: lost + overwritten as of the packet last seen */
	int any, gap;
} cpus[MAX_CPUS];
static unsigned int nr_cpus;

static unsigned char *seen[NR_WRITERS];		/* a bit for each serial number */
static unsigned int room_of[NR_WRITERS], highest[NR_WRITERS];
static unsigned int next_serial[NR_WRITERS];	/* of writers bound to a CPU */
static unsigned char known[NR_WRITERS];
static unsigned int cpu_of[NR_WRITERS];		/* the same: where its last record was */
static unsigned long long unique, gaps_reported, nested_seen;

/* test_accounts.c computes the same. */
static lkst_u64 checksum(lkst_u64 writer, lkst_u64 serial, lkst_u64 payload)
{
	return ((writer << 32 | serial) * 0x9e3779b97f4a7c15ULL) ^ (payload * 0xc2b2ae3d27d4eb4fULL);
}

static int mark_seen(unsigned int writer, unsigned int serial)
{
	unsigned int bytes = room_of[writer];

	if (serial / 8 >= bytes) {
		bytes = (serial / 8 + 4096) * 2;
		seen[writer] = realloc(seen[writer], bytes);
		if (!seen[writer])
			errx(1, "out of memory");
		memset(seen[writer] + room_of[writer], 0, bytes - room_of[writer]);
		room_of[writer] = bytes;
	}
	if (seen[writer][serial / 8] & 1 << serial % 8)
		return -1;
	seen[writer][serial / 8] |= 1 << serial % 8;
	if (serial > highest[writer])
		highest[writer] = serial;
	return 0;
}

static int one_record(const struct dev_record *record)
{
	const union lkst_args_LKST_TEST *args = (const void *)record->arg;
	unsigned int writer = args->a.writer, serial = args->a.serial;
	int bound = writer >= FROM_CPU || writer & 1;

	if (record->event == LKST_EV_LKST_MASKSET)
		errx(1, "a record of the core itself would upset the accounts: LKST_MASKSET");
	if (record->event != LKST_EV_LKST_TEST || record->units != LKST_UNITS_LKST_TEST || writer >= NR_WRITERS)
		errx(1, "CPU %u: a record that nobody wrote: event 0x%03x, writer %u", record->cpu, record->event, writer);
	if (args->a.check != checksum(writer, serial, args->a.payload))
		errx(1, "CPU %u: writer %u serial %u is torn", record->cpu, writer, serial);
	if (mark_seen(writer, serial))
		errx(1, "CPU %u: writer %u serial %u is there twice", record->cpu, writer, serial);
	if (bound && known[writer] && serial < next_serial[writer])
		errx(1, "CPU %u: writer %u serial %u after %u", record->cpu, writer, serial, next_serial[writer] - 1);
	if (bound && known[writer] == 2 && serial != next_serial[writer] && !nr_commands)
		errx(1, "CPU %u: writer %u serial %u after %u, and no loss reported", record->cpu, writer, serial,
		     next_serial[writer] - 1);
	known[writer] = 2;
	cpu_of[writer] = record->cpu;
	next_serial[writer] = serial + 1;
	nested_seen += writer >= FROM_CPU;
	cpus[record->cpu].read++;
	unique++;
	return 0;
}

/* Writers bound to this CPU may have a gap here, once each. */
static void allow_gap(unsigned int cpu)
{
	unsigned int writer;

	for (writer = 0; writer < NR_WRITERS; writer++)
		if (known[writer] && cpu_of[writer] == cpu)
			known[writer] = 1;
	gaps_reported++;
}

static void packet(struct cpu *cpu, unsigned char *bytes, size_t size)
{
	struct lkst_packet *head = (void *)bytes;
	unsigned long long gone = head->lost + head->overwritten;

	if (cpu->any && head->seq <= cpu->seq)
		errx(1, "CPU %u: sub-buffer %llu after %llu", head->cpu, head->seq, cpu->seq);
	if (!cpu->any ? head->seq || gone : head->seq != cpu->seq + 1 || gone != cpu->gone)
		allow_gap(head->cpu);
	cpu->any = 1;
	cpu->seq = head->seq;
	cpu->gone = gone;
	if (dev_walk(bytes, size, one_record))
		exit(1);
}

static int read_mapped(struct cpu *cpu)
{
	struct lkst_subbuf subbuf;
	struct lkst_packet *head = (void *)cpu->room;

	if (ioctl(cpu->fd, LKST_IOC_SUBBUF_GET, &subbuf)) {
		if (errno == EAGAIN || errno == ENODATA)
			return 0;
		err(1, "getting a sub-buffer");
	}
	memcpy(cpu->room, (char *)cpu->map + (size_t)subbuf.index * subbuf_size, subbuf.size);
	if (ioctl(cpu->fd, LKST_IOC_SUBBUF_PUT, &subbuf)) {
		if (errno != ESTALE)
			err(1, "putting a sub-buffer back");
		return 1;
	}
	head->seq = subbuf.seq;
	head->size = subbuf.size;
	head->records = subbuf.records;
	packet(cpu, cpu->room, subbuf.size);
	return 1;
}

static int read_one(struct cpu *cpu)
{
	ssize_t got, at = 0, size;

	if (use_mmap)
		return read_mapped(cpu);
	got = read(cpu->fd, cpu->room, subbuf_size);
	if (got < 0 && errno != EAGAIN)
		err(1, "reading");
	if (got <= 0)
		return 0;
	if ((size_t)got > subbuf_size)
		errx(1, "read() of %u bytes returned %zd", subbuf_size, got);
	/* Small sub-buffers come several at a time. */
	for (; at < got; at += size) {
		size = dev_packet_size(cpu->room + at, got - at);
		packet(cpu, cpu->room + at, size);
	}
	return 1;
}

static int read_all(void)
{
	unsigned int i;
	int any = 0;

	for (i = 0; i < nr_cpus; i++)
		while (cpus[i].fd >= 0 && read_one(&cpus[i]))
			any = 1;
	return any;
}

static void bind_all(lkst_u32 buffer)
{
	unsigned int i;

	for (i = 0; i < nr_cpus; i++) {
		cpus[i].fd = dev_bind(buffer, i, 1, &cpus[i].bind);
		cpus[i].room = malloc(subbuf_size);
		if (cpus[i].fd < 0 || !use_mmap)
			continue;
		cpus[i].map = mmap(NULL, (size_t)subbuf_size * nr_subbufs, PROT_READ, MAP_SHARED, cpus[i].fd, 0);
		if (cpus[i].map == MAP_FAILED)
			err(1, "mapping CPU %u", i);
		if (mmap(NULL, (size_t)subbuf_size * nr_subbufs, PROT_READ | PROT_WRITE, MAP_SHARED, cpus[i].fd, 0) != MAP_FAILED)
			errx(1, "the buffer can be mapped for writing");
	}
}

static unsigned long long result(const char *name)
{
	char line[4096];
	size_t len = strlen(name);
	FILE *file = fopen("/proc/lkst_test", "r");
	unsigned long long value = 0;

	if (!file)
		err(1, "/proc/lkst_test");
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, name, len) && line[len] == '=')
			value = strtoull(line + len + 1, NULL, 10);
	fclose(file);
	return value;
}

static void tell(const char *text)
{
	int fd = open("/proc/lkst_test", O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "telling the test module '%s'", text);
	close(fd);
}

/*
 * Masksets that differ in what they do with other events, and every tenth time in what is attached.
 */
static void switch_often(int fd, lkst_u32 first)
{
	static unsigned char table[3][LKST_NR_EVENTS];
	lkst_u32 id[3] = { first };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		memset(table[i], LKST_HANDLER_NONE, sizeof(table[i]));
		table[i][LKST_EV_LKST_TEST] = LKST_HANDLER_RECORD;
	}
	table[0][LKST_EV_SYSCALL_ENTRY] = LKST_HANDLER_COUNT;
	table[1][LKST_EV_SYSCALL_ENTRY] = LKST_HANDLER_PID;
	table[2][LKST_EV_PROCESS_CONTEXTSWITCH] = LKST_HANDLER_COUNT;
	for (i = 0; i < 3; i++)
		id[i] = dev_maskset(fd, (const char *[]){ "one", "two", "three" }[i], table[i]);
	for (i = 0; i < switches; i++) {
		dev_call(fd, LKST_IOC_MASKSET_SELECT, &id[i % 10 ? i % 2 : 2], "switching the maskset");
		read_all();
	}
	if (!result("running"))
		errx(1, "the writers were done before the switches");
	dev_call(fd, LKST_IOC_MASKSET_SELECT, &first, "switching the maskset back");
	printf("turns=%u\n", switches);
	tell("stop");
}

struct turns {
	int stop;
	unsigned int nr;
};

/* In a process of its own, for the reader has no time while much is written. */
static pid_t take_turns(struct turns *turns)
{
	struct timespec nap = { .tv_nsec = 20000000 };
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	while (!__atomic_load_n(&turns->stop, __ATOMIC_ACQUIRE) || turns->nr % nr_commands) {
		tell(command[turns->nr++ % nr_commands]);
		nanosleep(&nap, NULL);
	}
	_exit(0);
}

/* One that keeps up comes before the writers. */
static void be_first(void)
{
	struct sched_param param = { .sched_priority = 1 };

	if (syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &param))	/* musl's refuses */
		err(1, "becoming a SCHED_FIFO process");
}

/* Not nanosleep(2): up to 2 ms 2.4 spins in it for a SCHED_FIFO process, and no writer bound to that CPU ever runs. */
static void nap(void)
{
	poll(NULL, 0, 2);
}

static void work(int fd, lkst_u32 buffer, lkst_u32 maskset)
{
	struct turns *turns = mmap(NULL, sizeof(*turns), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t other = -1;
	char text[80];

	if (turns == MAP_FAILED)
		err(1, "mmap");
	snprintf(text, sizeof(text), "accounts %u %u %u", writers, events, pause_every);
	tell(text);
	if (nr_commands)
		other = take_turns(turns);
	if (lossless)
		be_first();
	if (switches)
		switch_often(fd, maskset);
	while (result("running")) {
		if (flushing)
			dev_call(fd, LKST_IOC_BUFFER_FLUSH, &buffer, "closing sub-buffers");
		if (idle || !read_all())
			nap();
	}
	if (nr_commands) {
		__atomic_store_n(&turns->stop, 1, __ATOMIC_RELEASE);
		if (waitpid(other, NULL, 0) != other)
			err(1, "waiting");
		printf("turns=%u\n", turns->nr);
	}
}

/* Returns what is wrong with the accounts, in CPUs. */
static int settle(int fd, lkst_u32 buffer)
{
	struct lkst_cpu_stats stats = { .buffer = buffer };
	unsigned long long produced = 0, gone = 0, missing = 0, made;
	unsigned int writer, i;
	char name[32];
	int wrong = 0;

	for (i = 0; i < nr_cpus; i++) {
		snprintf(name, sizeof(name), "%s%u", nr_commands ? "handled" : "produced", i);
		made = result(name);
		stats.cpu = i;
		if (ioctl(fd, LKST_IOC_CPU_STATS, &stats) || stats.cpu != i)
			memset(&stats.stored, 0, sizeof(stats) - offsetof(struct lkst_cpu_stats, stored));
		if (made != cpus[i].read + stats.lost + stats.overwritten || stats.unread || stats.read != cpus[i].read) {
			warnx("CPU %u: produced %llu, read %llu (by the core %llu), lost %llu, overwritten %llu, unread %llu", i, made,
			      cpus[i].read, stats.read, stats.lost, stats.overwritten, stats.unread);
			wrong++;
		}
		printf("cpu%u produced %llu read %llu lost %llu overwritten %llu\n", i, made, cpus[i].read, stats.lost, stats.overwritten);
		produced += made;
		gone += stats.lost + stats.overwritten;
	}
	for (writer = 0; writer < writers; writer++)
		if (highest[writer] >= events)
			errx(1, "writer %u has serial %u", writer, highest[writer]);
	missing = produced - unique;
	printf("produced=%llu\nseen=%llu\nmissing=%llu\nreported=%llu\ngaps=%llu\nnested_seen=%llu\n", produced, unique, missing, gone,
	       gaps_reported, nested_seen);
	if (missing != gone) {
		warnx("%llu missing, %llu reported", missing, gone);
		wrong++;
	}
	if (lossless && gone) {
		warnx("%llu lost though the reader kept up", gone);
		wrong++;
	}
	if (!switches && !nr_commands && produced < (unsigned long long)writers * events) {
		warnx("%llu produced: the writers did not do their work", produced);
		wrong++;
	}
	return wrong;
}

static void read_options(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "m:w:e:p:s:n:H:x:MilfS:")) != -1) {
		switch (c) {
		case 'm': mode = strcmp(optarg, "overwrite") ? LKST_DISCARD : LKST_OVERWRITE; break;
		case 'w': writers = atoi(optarg); break;
		case 'e': events = atoi(optarg); break;
		case 'p': pause_every = atoi(optarg); break;
		case 's': subbuf_size = atoi(optarg); break;
		case 'n': nr_subbufs = atoi(optarg); break;
		case 'H': handler_name = optarg; break;
		case 'x': command[nr_commands++ % 2] = optarg; break;
		case 'S': switches = atoi(optarg); break;
		case 'M': use_mmap = 1; break;
		case 'i': idle = 1; break;
		case 'l': lossless = 1; break;
		case 'f': flushing = 1; break;
		default: errx(2, "see the top of accounts.c");
		}
	}
}

int main(int argc, char **argv)
{
	static unsigned char table[LKST_NR_EVENTS];
	lkst_u32 buffer, maskset;
	struct lkst_info info;
	unsigned int i;
	int fd, wrong;

	read_options(argc, argv);
	fd = dev_open();
	dev_call(fd, LKST_IOC_INFO, &info, "asking for the state");
	nr_cpus = info.nr_cpus < MAX_CPUS ? info.nr_cpus : MAX_CPUS;
	buffer = dev_buffer(fd, "accounts", mode, nr_subbufs, subbuf_size);
	memset(table, LKST_HANDLER_NONE, sizeof(table));
	table[LKST_EV_LKST_TEST] = dev_handler(fd, handler_name);
	maskset = dev_maskset(fd, "accounts", table);
	dev_call(fd, LKST_IOC_BUFFER_SELECT, &buffer, "selecting the buffer");
	dev_call(fd, LKST_IOC_MASKSET_SELECT, &maskset, "selecting the maskset");
	bind_all(buffer);
	dev_call(fd, LKST_IOC_START, NULL, "starting");
	work(fd, buffer, maskset);
	dev_call(fd, LKST_IOC_STOP, NULL, "stopping");
	dev_call(fd, LKST_IOC_BUFFER_FLUSH, &buffer, "closing sub-buffers");
	while (read_all())
		;
	wrong = settle(fd, buffer);
	for (i = 0; i < nr_cpus; i++)
		if (cpus[i].fd >= 0) {
			if (cpus[i].map)
				munmap(cpus[i].map, (size_t)subbuf_size * nr_subbufs);
			close(cpus[i].fd);
		}
	if (info.buffer != LKST_ANY_ID)
		dev_call(fd, LKST_IOC_BUFFER_SELECT, &info.buffer, "selecting the buffer of before");
	dev_call(fd, LKST_IOC_MASKSET_SELECT, &info.maskset, "selecting the maskset of before");
	dev_call(fd, LKST_IOC_BUFFER_DELETE, &buffer, "deleting the buffer");
	dev_call(fd, LKST_IOC_MASKSET_DELETE, &maskset, "deleting the maskset");
	return wrong ? 1 : 0;
}
