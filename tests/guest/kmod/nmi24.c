// SPDX-License-Identifier: GPL-2.0-only
/*
 * nmi24.c - see v24/asm/nmi.h.
 */
#include <linux/linkage.h>
#include <asm/desc.h>
#include <asm/nmi.h>
#include <asm/ptrace.h>
#include <asm/segment.h>

#define NMI_VECTOR	2

static int (*callback)(struct pt_regs *regs, int cpu);
static struct desc_struct *gate, gate_before;

/* What the kernel's own entry does; the stack is a struct pt_regs then. */
void test_nmi_entry(void);
asm(	".text\n"
	"test_nmi_entry:\n\t"
	"cld\n\t"
	"pushl %eax\n\t"	/* orig_eax */
	"pushl %es\n\t"
	"pushl %ds\n\t"
	"pushl %eax\n\t"
	"pushl %ebp\n\t"
	"pushl %edi\n\t"
	"pushl %esi\n\t"
	"pushl %edx\n\t"
	"pushl %ecx\n\t"
	"pushl %ebx\n\t"
	"movl %ss, %edx\n\t"	/* the kernel's data, in an NMI */
	"movl %edx, %ds\n\t"
	"movl %edx, %es\n\t"
	"pushl %esp\n\t"
	"call test_nmi\n\t"
	"addl $4, %esp\n\t"
	"popl %ebx\n\t"
	"popl %ecx\n\t"
	"popl %edx\n\t"
	"popl %esi\n\t"
	"popl %edi\n\t"
	"popl %ebp\n\t"
	"popl %eax\n\t"
	"popl %ds\n\t"
	"popl %es\n\t"
	"addl $4, %esp\n\t"
	"iret");

asmlinkage void test_nmi(struct pt_regs *regs)
{
	callback(regs, smp_processor_id());
}

/* Between the two words an NMI would go astray, so the gate is not present meanwhile for nobody: both at once. */
static void write_gate(struct desc_struct to)
{
	unsigned long a = gate->a, b = gate->b;

	asm volatile("1:\tlock; cmpxchg8b %0\n\t"
		     "jnz 1b"
		     : "+m" (*gate), "+a" (a), "+d" (b) : "b" (to.a), "c" (to.b) : "memory");
}

void set_nmi_callback(int (*fn)(struct pt_regs *regs, int cpu))
{
	struct { unsigned short size; unsigned long at; } __attribute__((packed)) table;
	unsigned long entry = (unsigned long)test_nmi_entry;
	struct desc_struct ours;

	callback = fn;
	asm volatile("sidt %0" : "=m" (table));
	gate = (struct desc_struct *)table.at + NMI_VECTOR;
	gate_before = *gate;
	ours.a = (gate_before.a & 0xffff0000) | (entry & 0xffff);
	ours.b = (gate_before.b & 0xffff) | (entry & 0xffff0000);
	write_gate(ours);
}

void unset_nmi_callback(void)
{
	write_gate(gate_before);
}
