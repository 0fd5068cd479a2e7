// SPDX-License-Identifier: GPL-2.0-only
/*
 * scope.c - which variables and arguments are visible at one instruction, as the debug information has it.
 */
#include <ctype.h>
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "scope.h"

static bool is_function(Dwarf_Die *die)
{
	return dwarf_tag(die) == DW_TAG_subprogram || dwarf_tag(die) == DW_TAG_inlined_subroutine;
}

static bool find_unit(struct klasy_object *o, uint64_t pc, Dwarf_Die *unit)
{
	Dwarf_CU *cu = NULL;

	if (dwarf_addrdie(klasy_object_dwarf(o), pc, unit))
		return true;
	while (!dwarf_get_units(klasy_object_dwarf(o), cu, &cu, NULL, NULL, unit, NULL)) {
		if (dwarf_haspc(unit, pc) > 0)
			return true;
	}
	return false;
}

size_t klasy_scopes(struct klasy_object *o, uint64_t pc, Dwarf_Die scope[KLASY_MAX_SCOPES])
{
	Dwarf_Die die, parent;
	size_t n = 0;
	bool deeper;

	if (!find_unit(o, pc, &parent))
		return 0;
	do {
		deeper = false;
		if (dwarf_child(&parent, &die))
			break;
		do {
			if ((is_function(&die) || dwarf_tag(&die) == DW_TAG_lexical_block) &&
			    dwarf_haspc(&die, pc) > 0) {
				scope[n++] = parent = die;
				deeper = true;
				break;
			}
		} while (!dwarf_siblingof(&die, &die));
	} while (deeper && n < KLASY_MAX_SCOPES);
	return n;
}

static bool wanted(Dwarf_Die *scope, const struct klasy_words *functions)
{
	const char *name = dwarf_diename(scope);
	size_t i;

	for (i = 0; name && i < functions->n; i++) {
		if (!strcmp(functions->at[i], name))
			return true;
	}
	return false;
}

/* An argument's place is that in the declaration: a copy of the function may have fewer. */
static bool argument_named(Dwarf_Die *function, const char *number, const char **name)
{
	unsigned long n = strtoul(number, NULL, 10);
	Dwarf_Attribute attr;
	Dwarf_Die origin = *function, die;

	if (dwarf_attr(function, DW_AT_abstract_origin, &attr))
		dwarf_formref_die(&attr, &origin);
	if (dwarf_child(&origin, &die))
		return false;
	do {
		if (dwarf_tag(&die) == DW_TAG_formal_parameter && !n--) {
			*name = dwarf_diename(&die);
			return *name != NULL;
		}
	} while (!dwarf_siblingof(&die, &die));
	return false;
}

/* The name of an argument or, when those are not all, a variable. */
static const char *variable_name(Dwarf_Die *die, bool argument)
{
	int tag = dwarf_tag(die);

	return tag == DW_TAG_formal_parameter || (tag == DW_TAG_variable && !argument) ? dwarf_diename(die) : NULL;
}

static bool find_in(Dwarf_Die *scope, const char *name, bool argument, Dwarf_Die *found)
{
	const char *own;

	if (argument && !is_function(scope))
		return false;
	if (isdigit((unsigned char)*name) && !argument_named(scope, name, &name))
		return false;
	if (dwarf_child(scope, found))
		return false;
	do {
		own = variable_name(found, argument);
		if (own && !strcmp(own, name))
			return true;
	} while (!dwarf_siblingof(found, found));
	return false;
}

bool klasy_scope_find(Dwarf_Die *scope, size_t scopes, const char *name, bool argument,
		      const struct klasy_words *functions, Dwarf_Die *found)
{
	size_t end = scopes, begin = 0, after = scopes, i;

	/* The innermost of the functions asked for, and its blocks. */
	for (i = scopes; i-- > 0; ) {
		if (!is_function(&scope[i]))
			continue;
		if (wanted(&scope[i], functions)) {
			begin = i;
			end = after;
			break;
		}
		after = i;
	}
	while (end > begin) {
		if (find_in(&scope[--end], name, argument, found))
			return true;
		/* A number counts the arguments of one function. */
		if (isdigit((unsigned char)*name) && is_function(&scope[end]))
			return false;
	}
	return false;
}

bool klasy_scope_has(struct klasy_object *o, uint64_t pc, const char *name, bool argument,
		     const struct klasy_words *functions, void (*fn)(void *arg, const char *name), void *arg)
{
	Dwarf_Die scope[KLASY_MAX_SCOPES], die;
	size_t scopes = klasy_scopes(o, pc, scope);
	const char *own;

	if (klasy_scope_find(scope, scopes, name, argument, functions, &die))
		return true;
	while (scopes--) {
		if (dwarf_child(&scope[scopes], &die))
			continue;
		do {
			own = variable_name(&die, argument);
			if (own)
				fn(arg, own);
		} while (!dwarf_siblingof(&die, &die));
	}
	return false;
}
