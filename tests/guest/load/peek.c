// SPDX-License-Identifier: GPL-2.0-only
/*
 * peek.c - record some events while a command runs, straight through /dev/lkst, and print them one a line:
 *
 *	EVENT time=TICKS cpu=N pid=N ARGUMENT=VALUE...
 *
 * peek [-k KB] -o FILE EVENT[=HANDLER],... -- COMMAND...	("ALL": every event of the catalogue)
 * The command's output stays the command's. Exit status: 0, the command's own, or 3 when records were lost.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dev.h"

#define SUBBUF	(64 * 1024)

static FILE *out;

static int print(const struct dev_record *record)
{
	const struct dev_event *event = dev_event_by_id(record->event);
	const struct dev_arg *arg;
	unsigned int i;
	long long value;

	if (!event || event->units != record->units) {
		warnx("a record of event 0x%03x with %u units is not of the catalogue", record->event, record->units);
		return -1;
	}
	fprintf(out, "%s time=%llu cpu=%u pid=%u", event->name, record->time, record->cpu, record->pid);
	for (i = 0, arg = event->arg; arg->name; i++, arg++) {
		value = dev_value(record, event, i);
		if (arg->str)
			fprintf(out, " %s=%.8s", arg->name, (char *)&value);
		else if (arg->unit == LKST_UNIT_addr || arg->unit == LKST_UNIT_text || arg->unit == LKST_UNIT_uaddr)
			fprintf(out, " %s=0x%llx", arg->name, value);
		else
			fprintf(out, " %s=%lld", arg->name, value);
	}
	fputc('\n', out);
	return 0;
}

static void parse_events(int fd, char *list, unsigned char *handler)
{
	char *word, *how;
	unsigned int id;

	memset(handler, LKST_HANDLER_NONE, LKST_NR_EVENTS);
	for (word = strtok(list, ","); word; word = strtok(NULL, ",")) {
		how = strchr(word, '=');
		if (how)
			*how++ = 0;
		if (!strcmp(word, "ALL")) {
			for (id = 0; id < LKST_NR_EVENTS; id++)
				if (dev_event_by_id(id))
					handler[id] = LKST_HANDLER_RECORD;
			continue;
		}
		handler[dev_event_by_name(word)->id] = how ? dev_handler(fd, how) : LKST_HANDLER_RECORD;
	}
}

static int run(char **argv)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execvp(argv[0], argv);
		err(127, "%s", argv[0]);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		err(1, "running %s", argv[0]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void drain(lkst_u32 buffer)
{
	static unsigned char room[SUBBUF];
	struct lkst_reader_bind bind;
	struct lkst_info info;
	int control = dev_open(), fd;
	unsigned int cpu;
	ssize_t got, at, size;

	dev_call(control, LKST_IOC_INFO, &info, "asking for the state");
	for (cpu = 0; cpu < info.nr_cpus; cpu++) {
		fd = dev_bind(buffer, cpu, 0, &bind);
		while (fd >= 0 && (got = read(fd, room, sizeof(room))) != 0) {
			if (got < 0)
				err(1, "reading CPU %u", cpu);
			/* Small sub-buffers come several at a time. */
			for (at = 0; at < got; at += size) {
				size = dev_packet_size(room + at, got - at);
				if (dev_walk(room + at, size, print))
					exit(1);
			}
		}
		if (fd >= 0)
			close(fd);
	}
	close(control);
}

int main(int argc, char **argv)
{
	static unsigned char handler[LKST_NR_EVENTS];
	struct lkst_cpu_stats stats = { .cpu = 0 };
	unsigned int kb = 8192, status;
	struct lkst_info info;
	lkst_u32 maskset, buffer;
	lkst_u64 lost = 0;
	int fd, c;

	while ((c = getopt(argc, argv, "+k:o:")) != -1) {
		if (c == 'k')
			kb = atoi(optarg);
		else if (c == 'o')
			out = fopen(optarg, "w");
	}
	if (!out || argc - optind < 3)
		errx(2, "usage: peek [-k KB] -o FILE EVENT[=HANDLER],... -- COMMAND...");
	fd = dev_open();
	parse_events(fd, argv[optind], handler);
	dev_call(fd, LKST_IOC_INFO, &info, "asking for the state");
	buffer = dev_buffer(fd, "peek", LKST_DISCARD, kb / (SUBBUF / 1024), SUBBUF);
	maskset = dev_maskset(fd, "peek", handler);
	dev_call(fd, LKST_IOC_BUFFER_SELECT, &buffer, "selecting the buffer");
	dev_call(fd, LKST_IOC_MASKSET_SELECT, &maskset, "selecting the maskset");
	dev_call(fd, LKST_IOC_START, NULL, "starting");
	status = run(argv + optind + 1 + !strcmp(argv[optind + 1], "--"));
	usleep(50000);	/* a task does some last steps after its parent has heard of its end */
	dev_call(fd, LKST_IOC_STOP, NULL, "stopping");
	dev_call(fd, LKST_IOC_BUFFER_FLUSH, &buffer, "closing sub-buffers");
	drain(buffer);
	for (stats.buffer = buffer; !ioctl(fd, LKST_IOC_CPU_STATS, &stats); stats.cpu++)
		lost += stats.lost;
	if (info.buffer != LKST_ANY_ID)
		dev_call(fd, LKST_IOC_BUFFER_SELECT, &info.buffer, "selecting the buffer of before");
	dev_call(fd, LKST_IOC_MASKSET_SELECT, &info.maskset, "selecting the maskset of before");
	dev_call(fd, LKST_IOC_BUFFER_DELETE, &buffer, "deleting the buffer");
	dev_call(fd, LKST_IOC_MASKSET_DELETE, &maskset, "deleting the maskset");
	if (fclose(out))
		err(1, "writing the events");
	if (lost)
		warnx("%llu records lost: give a larger -k", lost);
	return status ? status : lost ? 3 : 0;
}
