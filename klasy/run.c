// SPDX-License-Identifier: GPL-2.0-only
/*
 * run.c - other programs, and a folder for their files.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "run.h"

#define MAX_MEMORY	(2UL << 30)	/* of one program, in bytes */

/* A folder, and files, that are not to stay when the program ends where it should not. */
static char folder[256];
static const char *unfinished[4];

static void remove_left(void)
{
	size_t i;

	for (i = 0; i < sizeof(unfinished) / sizeof(unfinished[0]); i++) {
		if (unfinished[i])
			unlink(unfinished[i]);
	}
	if (*folder)
		klasy_remove_folder(folder);
}

static void when_it_ends(void)
{
	static bool registered;

	if (!registered)
		registered = !atexit(remove_left);
}

void klasy_unfinished(const char *path)
{
	size_t i;

	for (i = 0; i + 1 < sizeof(unfinished) / sizeof(unfinished[0]) && unfinished[i]; i++)
		;
	unfinished[i] = path;
	when_it_ends();
}

void klasy_finished(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(unfinished) / sizeof(unfinished[0]); i++) {
		if (unfinished[i] == path)
			unfinished[i] = NULL;
	}
}

/* What an aspect includes may have no end. */
static void limit_memory(void)
{
	struct rlimit r;

	if (!getrlimit(RLIMIT_AS, &r) && r.rlim_cur > MAX_MEMORY) {
		r.rlim_cur = MAX_MEMORY;
		setrlimit(RLIMIT_AS, &r);
	}
}

int klasy_run(const char *dir, const char *log, char *const *argv)
{
	int status, fd;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		lkst_die(LKST_EXIT_FAILED, "starting %s: %s", argv[0], strerror(errno));
	if (!pid) {
		fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		if (fd >= 0) {
			dup2(fd, 1);
			dup2(fd, 2);
		}
		/* A make around this one is not to be the kernel's. */
		unsetenv("MAKEFLAGS");
		unsetenv("MAKELEVEL");
		setenv("LC_ALL", "C", 1);
		limit_memory();
		if (!dir || !chdir(dir))
			execvp(argv[0], argv);
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool klasy_make_folder(char *dir, size_t size)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, size, "%s/klasy.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (mkdtemp(dir)) {
		snprintf(folder, sizeof(folder), "%s", dir);
		when_it_ends();
		return true;
	}
	lkst_warn("making a folder in %s: %s", tmp && *tmp ? tmp : "/tmp", strerror(errno));
	return false;
}

void klasy_remove_folder(const char *dir)
{
	char *const argv[] = { "rm", "-rf", "--", (char *)dir, NULL };

	if (!getenv("KLASY_KEEP"))
		klasy_run(NULL, "/dev/null", argv);
	*folder = 0;
}
