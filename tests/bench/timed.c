// SPDX-License-Identifier: GPL-2.0-only
/*
 * timed.c - runs a command, throws its output away, and prints what it took: elapsed seconds, CPU seconds (user and system,
 * its children included), peak memory in MiB. sh's own times are too coarse.
 *
 *	timed COMMAND [ARGUMENT]...
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return t.tv_sec + t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct timespec start, end;
	struct rusage used;
	int status, null = open("/dev/null", O_WRONLY);
	pid_t child;

	if (argc < 2 || null < 0) {
		fprintf(stderr, "timed: reading the arguments: give a command\n");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	child = fork();
	if (!child) {
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) != child) {
		perror("timed: running the command");
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!WIFEXITED(status) || (WEXITSTATUS(status) && WEXITSTATUS(status) != 3)) {
		fprintf(stderr, "timed: running %s: it failed\n", argv[1]);
		return 1;
	}
	printf("%.6f %.6f %.1f\n", end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9,
	       seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss / 1024.0);
	return 0;
}
