// SPDX-License-Identifier: GPL-2.0-only
/*
 * backend.c - which back end serves a kernel, and the one for kernels that nothing can be woven into.
 */
#include <string.h>

#include "backend.h"
#include "cli.h"

static bool is_24(const struct klasy_object *o)
{
	return !strncmp(klasy_object_banner(o, NULL), "Linux version 2.4.", 18);
}

static bool is_any(const struct klasy_object *o)
{
	(void)o;
	return true;
}

static const char no_source[] = "its compiler's output cannot be read";

/* An index and 'klasy match' are all there is. */
static const struct klasy_backend backend_24 = {
	.kernels = "2.4", .serves = is_24,
	.cannot = {
		[KLASY_ASK_WEAVE] = "it has no kprobes, so nothing can be woven; 'klasy match' lists the places",
		[KLASY_ASK_SOURCE] = no_source,
	},
};

static const struct klasy_backend backend_none = {
	.kernels = "this kernel", .serves = is_any,
	.cannot = {
		[KLASY_ASK_WEAVE] = "it is neither a stock kernel for x86-64 nor 2.6.9 for i386",
		[KLASY_ASK_SOURCE] = no_source,
	},
};

const struct klasy_backend *klasy_backend_of(const struct klasy_object *o)
{
	static const struct klasy_backend *const all[] = {
		&klasy_backend_stock, &klasy_backend_26, &backend_24, &backend_none
	};
	size_t i = 0;

	while (!all[i]->serves(o))
		i++;
	return all[i];
}

bool klasy_backend_can(const struct klasy_backend *backend, enum klasy_ask ask, const char *doing)
{
	const char *why = backend->cannot[ask];

	if (why)
		lkst_warn("%s: not for %s: %s", doing, backend->kernels, why);
	return !why;
}
