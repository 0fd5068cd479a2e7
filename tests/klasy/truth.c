// SPDX-License-Identifier: GPL-2.0-only
/*
 * truth.c - accesses to members that are known by construction: tests/klasy/truth.t compares them with what klasy finds.
 *
 * Built with -O2 -g, never run. A line "truth: FUNCTION STRUCT.MEMBER MODE N" says: in FUNCTION the compiler has no choice but
 * N instructions that access MEMBER so; MODE is r, w or rw; "truth -O1:" holds at that optimisation only. Every access is to memory through a volatile member or an argument.
 */
struct inner {
	long a;
	volatile int b;
	struct inner *next;
};

struct outer {
	long first;
	struct inner in;
	union {
		volatile int number;
		volatile short half;
	};
	volatile unsigned int flag:1, kind:3, rest:28;
	volatile char name[16];
	volatile long table[8];
	struct inner *link;
	void *anything;
};

/* Of equal layout and another name: nothing may be taken for the other. */
struct decoy {
	long first;
	struct inner in;
	volatile int number;
};

struct named {
	volatile char name[16];
	volatile long table[8];
};

#define NOINLINE	__attribute__((noinline, noclone, used))

struct inner *give(struct outer *o);
void take(void *p);

/* truth: read_member outer.first r 1 */
NOINLINE long read_member(struct outer *o)
{
	return o->first;
}

/* truth: write_member outer.first w 1 */
NOINLINE void write_member(struct outer *o, long value)
{
	o->first = value;
}

/* truth: add_member outer.first rw 1 */
NOINLINE void add_member(struct outer *o)
{
	o->first += 3;
}

/* truth: embedded inner.b r 1 */
/* truth: embedded outer.in r 1 */
NOINLINE int embedded(struct outer *o)
{
	return o->in.b;
}

/* truth: through_two inner.a r 1 */
/* truth: through_two outer.link r 1 */
NOINLINE long through_two(struct outer *o)
{
	return o->link->a;
}

/* truth: through_three inner.a r 1 */
/* truth: through_three inner.next r 1 */
/* truth: through_three outer.link r 1 */
NOINLINE long through_three(struct outer *o)
{
	return o->link->next->a;
}

/* truth: both_halves outer.number r 1 */
NOINLINE int both_halves(struct outer *o)
{
	return o->number;
}

/* truth: other_struct decoy.number r 1 */
/* truth: other_struct outer.number r 0 */
NOINLINE int other_struct(struct decoy *d)
{
	return d->number;
}

/* truth: cast outer.number w 1 */
NOINLINE void cast(void *p)
{
	struct outer *o = p;

	o->number = 1;
}

/* The object is no struct's: nothing is to be found. */
/* truth: no_struct outer.first r 0 */
/* truth: no_struct inner.a r 0 */
NOINLINE long no_struct(long *p)
{
	return p[0] + p[1];
}

/* truth: returned inner.b r 1 */
NOINLINE int returned(struct outer *o)
{
	return give(o)->b;
}

/* Over a call the pointer lies in a register that calls keep, or on the stack. */
/* truth: over_calls outer.number w 3 */
NOINLINE void over_calls(struct outer *o)
{
	o->number = 1;
	take(o);
	o->number = 2;
	take(o);
	o->number = 3;
}

static inline int inlined(struct outer *o)
{
	return o->number;
}

/* truth: twice outer.number r 2 */
NOINLINE int twice(struct outer *o, struct outer *p)
{
	return inlined(o) - inlined(p);
}

/* truth: loop inner.b r 1 */
/* truth: loop inner.next r 1 */
NOINLINE int loop(struct inner *i)
{
	int sum = 0;

	for (; i; i = i->next)
		sum += i->b;
	return sum;
}

/* The compiler adds the constant to the index, so that the displacement names another member: nothing is to be found. */
/* truth: element outer.in r 0 */
/* truth: element inner.a r 0 */
NOINLINE long element(struct outer *o, int i)
{
	return o->table[i];
}

/* As before, but the displacement names an array, of smaller elements. */
/* truth: other_array named.name r 0 */
NOINLINE long other_array(struct named *n, int i)
{
	return n->table[i];
}

/* truth: letter outer.name r 1 */
NOINLINE char letter(struct outer *o, long i)
{
	return o->name[i];
}

/* truth: set_flag outer.flag r 1 */
NOINLINE int set_flag(struct outer *o)
{
	return o->flag;
}

static struct outer global;

/* truth: of_global outer.number w 1 */
NOINLINE void of_global(void)
{
	global.number = 5;
}

/* truth: from_member inner.b r 1 */
/* truth: from_member outer.first r 1 */
/* truth: from_member outer.in r 1 */
NOINLINE long from_member(struct inner *i)
{
	struct outer *o = (struct outer *)((char *)i - __builtin_offsetof(struct outer, in));

	return i->b + o->first;
}

/* What the two ways disagree on is not known, but each way has its own type. */
/* truth: two_ways outer.number r 1 */
/* truth: two_ways decoy.number w 1 */
NOINLINE int two_ways(void *p, int which)
{
	if (which) {
		struct outer *o = p;

		return o->number;
	} else {
		struct decoy *d = p;

		d->number = which + 7;
		return 0;
	}
}

/* Behind the two ways nobody knows whose it is. Only at -O1: else each way gets a load of its own, and rightly a type. */
/* truth -O1: merged outer.first r 0 */
/* truth -O1: merged decoy.first r 0 */
NOINLINE long merged(struct outer *o, struct decoy *d, int which)
{
	long *p;

	if (which) {
		o->number = 1;
		p = (long *)o;
	} else {
		d->number = 1;
		p = (long *)d;
	}
	__asm__ volatile("" : "+r" (p));
	return *p;
}

/* As before, without anything that hides it from the compiler. */
/* truth -O1: chosen outer.first r 0 */
/* truth -O1: chosen decoy.first r 0 */
NOINLINE long chosen(struct outer *o, struct decoy *d, int which)
{
	void *p;

	if (which) {
		take(o);
		p = o;
	} else {
		give((struct outer *)d);
		p = d;
	}
	return *(volatile long *)p;
}

/* A pointer that is reached through another one. */
/* truth: by_handle outer.number r 1 */
NOINLINE int by_handle(struct outer **handle)
{
	return (*handle)->number;
}

/* NULL on one way, an object on the other; no variable tells the type. */
/* truth: or_null outer.link r 1 */
/* truth: or_null inner.b r 1 */
NOINLINE int or_null(struct outer *o, int which)
{
	void *p = 0;

	if (which)
		p = o->link;
	__asm__ volatile("" : "+r" (p));
	return p ? *(volatile int *)((char *)p + __builtin_offsetof(struct inner, b)) : 0;
}

/* The stack is aligned, so that where the variables lie is told from the stack pointer. */
/* truth: aligned outer.number w 2 */
NOINLINE void aligned(struct outer *o)
{
	struct outer *volatile kept = o;
	char room[64] __attribute__((aligned(64)));

	take(room);
	kept->number = 1;
	take(room);
	kept->number = 2;
}

__attribute__((cold)) void seldom(struct outer *o);

/* What is seldom done lies elsewhere, in a piece of its own. */
/* truth: in_pieces outer.number r 1 */
/* truth: in_pieces inner.b w 1 */
NOINLINE int in_pieces(struct outer *o)
{
	if (o->number) {
		o->in.b = 1;
		seldom(o);
		seldom(o);
	}
	return 0;
}

#ifdef __LP64__
#define POINTER	".quad"
#else
#define POINTER	".long"
#endif

/* What this unit only declares: the linker knows where it is. */
extern struct outer elsewhere;
extern struct inner *elsewhere_link;
__asm__(".pushsection .data\n"
	".globl elsewhere, elsewhere_link\n"
	".balign 16\n"
	"elsewhere: .zero 512\n"
	"elsewhere_link: " POINTER " elsewhere + 8\n"
	".popsection\n");

/* truth: of_elsewhere outer.number w 1 */
NOINLINE void of_elsewhere(void)
{
	elsewhere.number = 6;
}

/* truth: by_elsewhere inner.b r 1 */
NOINLINE int by_elsewhere(void)
{
	return elsewhere_link->b;
}

/* As kernels do it; compilers of 2.6.9's time have no functions for that. */
/* truth: exchanged outer.first rw 1 */
NOINLINE long exchanged(struct outer *o, long value)
{
	__asm__ __volatile__("xchg %0, %1" : "+r" (value), "+m" (o->first) : : "memory");
	return value;
}

/* truth: compared outer.first rw 1 */
NOINLINE long compared(struct outer *o, long old, long value)
{
	__asm__ __volatile__("lock; cmpxchg %2, %1" : "+a" (old), "+m" (o->first) : "r" (value) : "memory");
	return old;
}

/* truth: added outer.first rw 1 */
NOINLINE long added(struct outer *o, long value)
{
	__asm__ __volatile__("lock; xadd %0, %1" : "+r" (value), "+m" (o->first) : : "memory");
	return value;
}

/* truth: bits_set inner.a rw 1 */
NOINLINE void bits_set(struct outer *o)
{
	__asm__ __volatile__("lock; orl $5, %0" : "+m" (o->link->a) : : "memory");
}

void _start(void);
void _start(void)
{
}

NOINLINE struct inner *give(struct outer *o)
{
	__asm__ volatile("" : : "r" (o) : "memory");
	return o->link;
}

NOINLINE void take(void *p)
{
	__asm__ volatile("" : : "r" (p) : "memory");
}

__attribute__((noinline, noclone, used)) void seldom(struct outer *o)
{
	__asm__ volatile("" : : "r" (o) : "memory");
}
