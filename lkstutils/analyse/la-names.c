// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-names.c - keys to names, all out of the trace, and numbers to text.
 */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "la.h"
#include "print.h"

#define PICK(table, i)	((i) < sizeof(table) / sizeof(table[0]) ? table[i] : NULL)

static const char *net_name(const struct la *la, lkst_u64 key, char *text)
{
	const char *name = lkst_name(&la->trace->names.nets, key >> 1);

	if (name)
		snprintf(text, LA_NAME, "%.100s:%s", name, key & 1 ? "receive" : "send");
	else
		snprintf(text, LA_NAME, "device-%llu:%s", key >> 1, key & 1 ? "receive" : "send");
	return text;
}

static const char *object_name(const struct la *la, lkst_u64 key, char *text)
{
	struct lkst_symbols *symbols = &la->trace->names.symbols;
	const struct lkst_symbol *symbol = key ? lkst_symbols_find(symbols, la->object[key]) : NULL;

	if (!key)
		return "others";
	if (!symbol || !symbol->size)
		return NULL;
	snprintf(text, LA_NAME, "%.120s+0x%llx", symbol->name, la->object[key] - symbol->address);
	return text;
}

static const char *name_of(struct la *la, lkst_u64 key, char *text)
{
	const struct lkst_names *names = &la->trace->names;
	const char *const *label = la->measure->label;

	switch (la->measure->key) {
	case LA_KEY_SYSCALL:
		return lkst_name(&names->syscalls, key);
	case LA_KEY_PID:
		return lkst_task_name(names, (lkst_u32)key);
	case LA_KEY_IRQ:
		return lkst_name(&names->irqs, key);
	case LA_KEY_SOFTIRQ:
		return lkst_softirq_name(names, key);
	case LA_KEY_DEV:
		return lkst_name(&names->blocks, key);
	case LA_KEY_NET:
		return net_name(la, key, text);
	case LA_KEY_OBJECT:
		return object_name(la, key, text);
	case LA_KEY_FUNCTION:
		return lkst_address_name(&la->trace->names, key, text) ? "?" : text;
	case LA_KEY_OWN:
		return la->measure->key_name(la, key, text);
	case LA_KEY_LABEL:
		for (; *label && key; key--)
			label++;
		return *label;
	default:
		return NULL;
	}
}

const char *la_key_name(struct la *la, lkst_u64 key, char *text)
{
	static const char *const kinds[] = {
		[LA_KEY_SYSCALL] = "syscall-", [LA_KEY_IRQ] = "irq-", [LA_KEY_SOFTIRQ] = "softirq-",
		[LA_KEY_CPU] = "cpu-", [LA_KEY_OBJECT] = "object-", [LA_KEY_LABEL] = "?"
	};
	const char *name = name_of(la, key, text);
	const char *kind = PICK(kinds, la->measure->key);

	if (name && *name && name != text)
		snprintf(text, LA_NAME, "%s", name);
	else if (la->measure->key == LA_KEY_DEV && !name)
		snprintf(text, LA_NAME, "%llu:%llu", key >> 20, key & 0xfffff);
	else if (!name || !*name)
		snprintf(text, LA_NAME, "%s%llu", kind ? kind : "", key);
	return lkst_no_blanks(text);
}

const char *la_key_column(const struct la_measure *measure)
{
	static const char *const columns[] = {
		"key", "key", "syscall", "pid", "cpu", "irq", "softirq", "dev", "net", "object", "function", "key"
	};

	return columns[measure->key];
}

/* @n with @least digits or more, and an end. Tables of thousands of lines are made of these. */
static char *digits(char *text, lkst_u64 n, unsigned int least)
{
	char reverse[20];
	unsigned int count = 0;

	do {
		reverse[count++] = (char)('0' + n % 10);
		n /= 10;
	} while (n || count < least);
	while (count)
		*text++ = reverse[--count];
	*text = 0;
	return text;
}

void la_seconds(lkst_u64 ns, char *text)
{
	text = digits(text, ns / 1000000000, 1);
	*text++ = '.';
	digits(text, ns % 1000000000, 9);
}

void la_value(const struct la *la, lkst_u64 value, char *text)
{
	if (la->measure->value == LA_TIME)
		la_seconds(value, text);
	else
		digits(text, value, 1);
}

#define MAX_OBJECTS	(1U << 20)

lkst_u64 la_object(struct la *la, lkst_u64 address)
{
	int is_new;
	lkst_u64 *number = lkst_map_find(&la->objects, address), n = la->objects.count;

	if (number)
		return *number;
	if (n >= MAX_OBJECTS)
		return 0;
	number = lkst_map_add(&la->objects, address, &is_new);
	/* The capacity is the next power of 2. */
	if (!(n & (n + 1)))
		la->object = lkst_xrealloc(la->object, 2 * (n + 1) * sizeof(*la->object));
	*number = n + 1;
	la->object[n + 1] = address;
	return n + 1;
}

lkst_u64 la_lengths_add(struct la *la, lkst_u64 address)
{
	if (la->lengths.count >= MAX_OBJECTS)
		lkst_map_free(&la->lengths);
	return ++*lkst_map_add(&la->lengths, address, NULL);
}

lkst_u64 la_lengths_sub(struct la *la, lkst_u64 address)
{
	lkst_u64 *length = lkst_map_find(&la->lengths, address);

	return length && *length ? --*length : 0;
}
