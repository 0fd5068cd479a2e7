// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_aspect.c - a hostile aspect gives an error, never a crash.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "aspect.h"
#include "fuzz.h"

static bool odd(const struct klasy_pointcut *designator, const void *arg)
{
	(void)arg;
	return designator->place.column & 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct klasy_aspect aspect;
	static char path[64];
	int fd = memfd_create("aspect", 0);
	size_t i;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!fuzz_begin() && !klasy_aspect_read(path, &aspect))
		for (i = 0; i < aspect.advices; i++)
			klasy_pointcut_holds(aspect.advice[i].pointcut, odd, NULL);
	fuzz_end();
	klasy_aspect_free(&aspect);
	close(fd);
	return 0;
}
