// SPDX-License-Identifier: GPL-2.0-only
/*
 * value.c - where the debug information says that a variable is at one instruction, as C code that fetches it.
 *
 * A location expression of DWARF is a program for a stack machine. It is run here with the names of C variables on the
 * stack instead of numbers: what is left is the program in C.
 */
#include <ctype.h>
#include <dwarf.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <elfutils/libdw.h>

#include "cli.h"
#include "convention.h"
#include "facts.h"
#include "insn.h"
#include "scope.h"
#include "value.h"

enum { MAX_STACK = 32, MAX_NESTED = 4, MAX_BYTES = 8 };

struct machine {
	struct klasy_object *o;
	uint64_t pc;
	Dwarf_Die *function;		/* whose frame it is */
	FILE *out;
	unsigned int stack[MAX_STACK];	/* numbers of the C variables t0, t1 ... */
	unsigned int depth, made, nested;
	struct klasy_value *v;
	bool in_register, is_value;	/* the top is the register's content, the value itself; else where it lies */
};

const char *klasy_value_reason(enum klasy_value_state state)
{
	static const char *const reason[KLASY_VALUE_STATES] = {
		"known", "no variable of that name is visible there", "the compiler keeps it nowhere there",
		"only its value at the function's entry is described, and that is gone",
		"it lies in several places", "it has more than 8 bytes",
		"of such a kernel only arguments are known, where a function is entered",
		"nothing in the function's code tells how its arguments are handed over"
	};

	return reason[state];
}

/* ---- expressions ---- */

static bool unknown(struct machine *m, enum klasy_value_state state)
{
	if (m->v->state == KLASY_VALUE_KNOWN)
		m->v->state = state;
	return false;
}

static bool __attribute__((format(printf, 2, 3))) push(struct machine *m, const char *fmt, ...)
{
	va_list ap;

	if (m->depth == MAX_STACK)
		return unknown(m, KLASY_VALUE_PIECES);
	fprintf(m->out, "\t\tu64 t%u = ", m->made);
	va_start(ap, fmt);
	vfprintf(m->out, fmt, ap);
	va_end(ap);
	fputs(";\n", m->out);
	m->stack[m->depth++] = m->made++;
	return true;
}

static bool push_register(struct machine *m, unsigned int number, int64_t add)
{
	const struct klasy_machine *machine = klasy_object_machine(m->o);
	uint8_t reg = klasy_dwarf_reg(machine, number);

	if (reg == KLASY_NO_REG)
		return unknown(m, KLASY_VALUE_PIECES);
	m->v->regs |= 1 << reg;
	return push(m, "(u64)regs->%s + %" PRId64 "LL", klasy_reg_name(machine, reg), add);
}

static bool fetch(struct machine *m, unsigned int size)
{
	unsigned int from;

	if (!m->depth || !size || size > MAX_BYTES)
		return unknown(m, KLASY_VALUE_PIECES);
	from = m->stack[--m->depth];
	m->v->memory = true;
	if (!push(m, "0"))
		return false;
	fprintf(m->out, "\t\tif (copy_from_kernel_nofault(&t%u, (void *)(unsigned long)t%u, %u))\n"
		"\t\t\treturn false;\n", m->made - 1, from, size);
	return true;
}

static bool run(struct machine *m, Dwarf_Attribute *attr, const Dwarf_Op *op, size_t ops);

/* The frame's CFA, from the call frame information. */
static bool push_cfa(struct machine *m)
{
	Dwarf_CFI *cfi = dwarf_getcfi(klasy_object_dwarf(m->o));
	Dwarf_Frame *frame;
	Dwarf_Op *op;
	size_t ops;
	bool done;

	if (!cfi || dwarf_cfi_addrframe(cfi, m->pc, &frame))
		return unknown(m, KLASY_VALUE_NOWHERE);
	done = !dwarf_frame_cfa(frame, &op, &ops) && ops ? run(m, NULL, op, ops) :
							   unknown(m, KLASY_VALUE_NOWHERE);
	free(frame);
	return done;
}

/* What fbreg counts from. */
static bool push_frame_base(struct machine *m)
{
	Dwarf_Attribute attr;
	Dwarf_Op *op;
	size_t ops;
	bool done;

	if (!dwarf_attr_integrate(m->function, DW_AT_frame_base, &attr) ||
	    dwarf_getlocation_addr(&attr, m->pc, &op, &ops, 1) != 1)
		return unknown(m, KLASY_VALUE_NOWHERE);
	done = run(m, &attr, op, ops);
	m->in_register = m->is_value = false;
	return done;
}

/* A register as the function found it: it is that still at the entry, and where the frame says that it was saved. */
static bool push_entry(struct machine *m, unsigned int number)
{
	Dwarf_CFI *cfi = dwarf_getcfi(klasy_object_dwarf(m->o));
	Dwarf_Frame *frame;
	Dwarf_Op room[3], *op;
	Dwarf_Addr entry;
	size_t ops;
	bool done;

	if (!dwarf_entrypc(m->function, &entry) && entry == m->pc)
		return push_register(m, number, 0);
	if (!cfi || dwarf_cfi_addrframe(cfi, m->pc, &frame))
		return unknown(m, KLASY_VALUE_ENTRY);
	if (dwarf_frame_register(frame, (int)number, room, &op, &ops) || (!ops && op))
		done = unknown(m, KLASY_VALUE_ENTRY);
	else if (!ops)
		done = push_register(m, number, 0);
	else
		done = run(m, NULL, op, ops) && (m->is_value || m->in_register || fetch(m, 8));
	m->in_register = m->is_value = false;
	free(frame);
	return done;
}

static bool push_entry_value(struct machine *m, Dwarf_Attribute *attr, const Dwarf_Op *op)
{
	Dwarf_Attribute inner;
	Dwarf_Op *sub;
	size_t subs;

	if (!attr || dwarf_getlocation_attr(attr, op, &inner) || dwarf_getlocation(&inner, &sub, &subs) || subs != 1)
		return unknown(m, KLASY_VALUE_ENTRY);
	if (sub->atom >= DW_OP_reg0 && sub->atom <= DW_OP_reg31)
		return push_entry(m, sub->atom - DW_OP_reg0);
	return unknown(m, KLASY_VALUE_ENTRY);
}

static bool pick(struct machine *m, unsigned int down)
{
	if (down >= m->depth || m->depth == MAX_STACK)
		return unknown(m, KLASY_VALUE_PIECES);
	m->stack[m->depth] = m->stack[m->depth - 1 - down];
	m->depth++;
	return true;
}

static bool binary(struct machine *m, const char *fmt)
{
	unsigned int a, b;
	char text[128];

	if (m->depth < 2)
		return unknown(m, KLASY_VALUE_PIECES);
	b = m->stack[--m->depth];
	a = m->stack[--m->depth];
	snprintf(text, sizeof(text), fmt, a, b);
	return push(m, "%s", text);
}

static bool unary(struct machine *m, const char *fmt)
{
	char text[128];

	if (!m->depth)
		return unknown(m, KLASY_VALUE_PIECES);
	snprintf(text, sizeof(text), fmt, m->stack[--m->depth]);
	return push(m, "%s", text);
}

/* Those that compute: "t%u" are the operands. */
static const struct {
	uint8_t atom;
	bool two;
	const char *c;
} sums[] = {
	{ DW_OP_plus, true, "t%u + t%u" }, { DW_OP_minus, true, "t%u - t%u" }, { DW_OP_mul, true, "t%u * t%u" },
	{ DW_OP_and, true, "t%u & t%u" }, { DW_OP_or, true, "t%u | t%u" }, { DW_OP_xor, true, "t%u ^ t%u" },
	{ DW_OP_shl, true, "t%u << (t%u & 63)" }, { DW_OP_shr, true, "t%u >> (t%u & 63)" },
	{ DW_OP_shra, true, "(u64)((s64)t%u >> (t%u & 63))" },
	{ DW_OP_eq, true, "t%u == t%u" }, { DW_OP_ne, true, "t%u != t%u" },
	{ DW_OP_lt, true, "(s64)t%u < (s64)t%u" }, { DW_OP_le, true, "(s64)t%u <= (s64)t%u" },
	{ DW_OP_gt, true, "(s64)t%u > (s64)t%u" }, { DW_OP_ge, true, "(s64)t%u >= (s64)t%u" },
	{ DW_OP_neg, false, "-t%u" }, { DW_OP_not, false, "~t%u" },
};

static bool compute(struct machine *m, uint8_t atom)
{
	size_t i;

	for (i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		if (sums[i].atom == atom)
			return sums[i].two ? binary(m, sums[i].c) : unary(m, sums[i].c);
	}
	return unknown(m, KLASY_VALUE_PIECES);
}

static bool step(struct machine *m, Dwarf_Attribute *attr, const Dwarf_Op *op)
{
	unsigned int top;

	if (op->atom >= DW_OP_lit0 && op->atom <= DW_OP_lit31)
		return push(m, "%u", op->atom - DW_OP_lit0);
	if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31)
		return push_register(m, op->atom - DW_OP_breg0, (int64_t)op->number);
	if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg31) {
		m->in_register = true;
		return push_register(m, op->atom - DW_OP_reg0, 0);
	}
	switch (op->atom) {
	case DW_OP_addr:
		return push(m, "0x%" PRIx64 "ULL + (u64)klasy_slide(0x%" PRIx64 "ULL)", op->number,
			    op->number);
	case DW_OP_const1u: case DW_OP_const2u: case DW_OP_const4u: case DW_OP_const8u: case DW_OP_constu:
	case DW_OP_const1s: case DW_OP_const2s: case DW_OP_const4s: case DW_OP_const8s: case DW_OP_consts:
		return push(m, "0x%" PRIx64 "ULL", op->number);
	case DW_OP_bregx:
		return push_register(m, (unsigned int)op->number, (int64_t)op->number2);
	case DW_OP_fbreg:
		return push_frame_base(m) && push(m, "t%u + %" PRId64 "LL", m->stack[--m->depth], (int64_t)op->number);
	case DW_OP_call_frame_cfa:
		return push_cfa(m);
	case DW_OP_plus_uconst:
		return m->depth && push(m, "t%u + %" PRIu64 "ULL", m->stack[--m->depth], op->number);
	case DW_OP_entry_value:
	case DW_OP_GNU_entry_value:
		return push_entry_value(m, attr, op);
	case DW_OP_dup:
		return pick(m, 0);
	case DW_OP_over:
		return pick(m, 1);
	case DW_OP_drop:
		m->depth -= m->depth > 0;
		return true;
	case DW_OP_swap:
		if (m->depth < 2)
			return unknown(m, KLASY_VALUE_PIECES);
		top = m->stack[m->depth - 1];
		m->stack[m->depth - 1] = m->stack[m->depth - 2];
		m->stack[m->depth - 2] = top;
		return true;
	case DW_OP_pick:
		return pick(m, (unsigned int)op->number);
	case DW_OP_rot:
		if (m->depth < 3)
			return unknown(m, KLASY_VALUE_PIECES);
		top = m->stack[m->depth - 1];
		m->stack[m->depth - 1] = m->stack[m->depth - 2];
		m->stack[m->depth - 2] = m->stack[m->depth - 3];
		m->stack[m->depth - 3] = top;
		return true;
	case DW_OP_deref:
		return fetch(m, 8);
	case DW_OP_deref_size:
		return fetch(m, (unsigned int)op->number);
	case DW_OP_stack_value:
		m->is_value = true;
		return true;
	case DW_OP_nop:
		return true;
	default:
		return compute(m, op->atom);
	}
}

static bool run(struct machine *m, Dwarf_Attribute *attr, const Dwarf_Op *op, size_t ops)
{
	bool good = ++m->nested <= MAX_NESTED;
	size_t i;

	for (i = 0; i < ops && good; i++) {
		/* A register, or what is said to be the value, ends an expression: more would be a piece of one. */
		if (m->nested == 1 && (m->in_register || m->is_value))
			good = unknown(m, KLASY_VALUE_PIECES);
		else
			good = step(m, attr, &op[i]);
	}
	m->nested--;
	return good && m->depth ? true : unknown(m, KLASY_VALUE_PIECES);
}

/* ---- types ---- */

static bool named(char *text, size_t room, const char *what, const char *name, const char *behind)
{
	return name && (size_t)snprintf(text, room, "%s%s%s", what, name, behind) < room;
}

/* The type as C has it, of a variable with at most 8 bytes. Returns its size, 0: bigger, or no such thing. */
static unsigned int type_text(Dwarf_Die *variable, struct klasy_value *v)
{
	Dwarf_Attribute attr;
	Dwarf_Die declared, type, to;
	const char *kind = "struct ";
	Dwarf_Word size;

	if (!dwarf_formref_die(dwarf_attr_integrate(variable, DW_AT_type, &attr), &declared) ||
	    dwarf_peel_type(&declared, &type) || dwarf_aggregate_size(&type, &size) || !size || size > MAX_BYTES)
		return 0;
	switch (dwarf_tag(&type)) {
	case DW_TAG_pointer_type:
		v->pointer = true;
		strcpy(v->type, "void *");
		if (!dwarf_formref_die(dwarf_attr_integrate(&type, DW_AT_type, &attr), &to) ||
		    dwarf_peel_type(&to, &to))
			break;
		if (dwarf_tag(&to) == DW_TAG_union_type)
			kind = "union ";
		else if (dwarf_tag(&to) == DW_TAG_base_type)
			kind = "";
		else if (dwarf_tag(&to) != DW_TAG_structure_type)
			break;
		if (!named(v->type, sizeof(v->type), kind, dwarf_diename(&to), " *"))
			strcpy(v->type, "void *");
		break;
	case DW_TAG_base_type:
		if (!named(v->type, sizeof(v->type), "", dwarf_diename(&type), ""))
			return 0;
		break;
	case DW_TAG_enumeration_type:
		strcpy(v->type, size == 8 ? "long" : size == 4 ? "int" : size == 2 ? "short" : "signed char");
		break;
	case DW_TAG_union_type:
		kind = "union ";
		/* fall through */
	case DW_TAG_structure_type:
		if (!named(v->type, sizeof(v->type), kind, dwarf_diename(&type), "") &&
		    !named(v->type, sizeof(v->type), "", dwarf_diename(&declared), ""))
			return 0;
		break;
	default:
		return 0;
	}
	return (unsigned int)size;
}

/* ---- one variable ---- */

static bool constant(struct machine *m, Dwarf_Die *variable)
{
	Dwarf_Attribute attr;
	Dwarf_Sword number;

	m->is_value = true;
	return dwarf_attr_integrate(variable, DW_AT_const_value, &attr) && !dwarf_formsdata(&attr, &number) &&
	       push(m, "0x%" PRIx64 "ULL", (uint64_t)number);
}

static bool fetch_variable(struct machine *m, Dwarf_Die *variable, unsigned int size)
{
	Dwarf_Attribute attr;
	Dwarf_Op *op;
	size_t ops;

	if (!dwarf_attr_integrate(variable, DW_AT_location, &attr)) {
		if (!constant(m, variable))
			return unknown(m, KLASY_VALUE_NOWHERE);
	} else {
		if (dwarf_getlocation_addr(&attr, m->pc, &op, &ops, 1) != 1 || !ops)
			return unknown(m, KLASY_VALUE_NOWHERE);
		if (!run(m, &attr, op, ops))
			return false;
	}
	if (!m->in_register && !m->is_value && !fetch(m, size))
		return false;
	fprintf(m->out, "\t\tvalue = t%u;\n", m->stack[m->depth - 1]);
	return true;
}

/*
 * An argument of i386 when its function is entered: by the code, for what DWARF says of it holds further in. The trap
 * pushed no stack pointer: it points to where that would be, and the CFA is behind the return address.
 */
static bool fetch_entered(struct machine *m, Dwarf_Die *variable, unsigned int size)
{
	const struct klasy_machine *machine = klasy_object_machine(m->o);
	const char *name = dwarf_diename(variable), *other;
	struct klasy_parameters p;
	enum klasy_convention how;
	Dwarf_Addr entry;
	int32_t slot;
	uint8_t reg;
	uint32_t i;

	if (dwarf_entrypc(m->function, &entry) || entry != m->pc || !klasy_parameters_read(m->function, &p))
		return unknown(m, KLASY_VALUE_ENTERED);
	for (i = 0; i < p.n && (!(other = dwarf_diename(&p.at[i].die)) || strcmp(other, name)); i++)
		;
	how = klasy_convention_of(m->o, m->function, entry, &p);
	if (i == p.n || how == KLASY_BY_NOTHING)
		return unknown(m, KLASY_VALUE_CONVENTION);
	reg = klasy_parameter_place(how, &p.at[i], &slot);
	if (reg == KLASY_NO_REG ? !push(m, "(u64)(unsigned long)&regs->esp + %d", machine->word + slot) ||
	    !fetch(m, size) : !push(m, "(u64)regs->%s", klasy_reg_name(machine, reg)))
		return false;
	fprintf(m->out, "\t\tvalue = t%u;\n", m->stack[m->depth - 1]);
	return true;
}

void klasy_value_find(struct klasy_object *o, uint64_t pc, const char *name, bool argument,
		      const struct klasy_words *functions, struct klasy_value *v)
{
	Dwarf_Die scope[KLASY_MAX_SCOPES], variable;
	struct machine m = { .o = o, .pc = pc, .v = v, .function = &scope[0] };
	unsigned int size;
	size_t room;

	memset(v, 0, sizeof(*v));
	if (!klasy_scope_find(scope, klasy_scopes(o, pc, scope), name, argument, functions, &variable)) {
		v->state = KLASY_VALUE_NO_NAME;
		return;
	}
	size = type_text(&variable, v);
	if (!size) {
		v->state = KLASY_VALUE_BIG;
		return;
	}
	m.out = open_memstream(&v->code, &room);
	if (!m.out)
		lkst_die(LKST_EXIT_FAILED, "looking for %s: there is no more memory", name);
	if (!klasy_object_machine(o)->entry_only)
		fetch_variable(&m, &variable, size);
	else if (argument)
		fetch_entered(&m, &variable, size);
	else
		unknown(&m, KLASY_VALUE_ENTERED);
	fclose(m.out);
	if (v->state == KLASY_VALUE_KNOWN)
		return;
	free(v->code);
	v->code = NULL;
}
