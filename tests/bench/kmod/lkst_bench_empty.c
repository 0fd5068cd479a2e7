// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkst_bench_empty.c - probes that do nothing, for the guest bench: what they cost is the kernel's share of every tracer's cost.
 * No part of LKST.
 *
 *	insmod lkst_bench_empty.ko point=syscall|switch|kprobe|kretprobe
 *	insmod lkst_bench_empty.ko point=inside symbol=FUNCTION offset=BYTES
 *	insmod lkst_bench_empty.ko point=placing symbol=FUNCTION offset=BYTES
 *
 * kprobe and kretprobe are where LKST has its own: on the function that sendto(2) goes through, __sock_sendmsg() or, in older kernels,
 * sock_sendmsg(). The newer name first: kernels that have both do not go through the other one.
 * placing: the parameter "took" has the nanoseconds that register_kprobe() took, given an address as klasy gives it.
 */
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/version.h>
#include <trace/events/sched.h>
#include <trace/events/syscalls.h>

static char *point = "syscall";
module_param(point, charp, 0444);
static char *symbol = "";
module_param(symbol, charp, 0444);
static unsigned int offset;
module_param(offset, uint, 0444);
static unsigned long took;
module_param(took, ulong, 0444);

static notrace void on_enter(void *data, struct pt_regs *regs, long id)
{
}

static notrace void on_exit(void *data, struct pt_regs *regs, long ret)
{
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 18, 0)
static notrace void on_switch(void *data, bool preempt, struct task_struct *prev, struct task_struct *next, unsigned int state)
#else
static notrace void on_switch(void *data, bool preempt, struct task_struct *prev, struct task_struct *next)
#endif
{
}

static notrace int on_call(struct kprobe *kp, struct pt_regs *regs)
{
	return 0;
}

static notrace int on_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	return 0;
}

static const char *const functions[] = { "__sock_sendmsg", "sock_sendmsg" };
static struct kprobe call;
static struct kretprobe ret;

static int attach_function(bool returns)
{
	unsigned int i;
	int err = -ENOENT;

	for (i = 0; err == -ENOENT && i < ARRAY_SIZE(functions); i++) {
		memset(&call, 0, sizeof(call));
		memset(&ret, 0, sizeof(ret));
		call.symbol_name = ret.kp.symbol_name = functions[i];
		call.pre_handler = on_call;
		ret.handler = on_return;
		err = returns ? register_kretprobe(&ret) : register_kprobe(&call);
	}
	return err;
}

/* Comes back when the kernel has made it a jump, which takes it a while. */
static int attach_inside(void)
{
	unsigned int i;
	int err;

	call.symbol_name = symbol;
	call.offset = offset;
	call.pre_handler = on_call;
	err = register_kprobe(&call);
	for (i = 0; !err && i < 1000; i++) {
		if (READ_ONCE(*(unsigned char *)call.addr) == 0xe9)
			return 0;
		msleep(20);
	}
	if (!err)
		unregister_kprobe(&call);
	return err ? err : -ETIMEDOUT;
}

/* Looking for the name takes long: it comes before. */
static int attach_by_address(void)
{
	kprobe_opcode_t *addr;
	u64 begin;
	int err;

	call.symbol_name = symbol;
	call.offset = offset;
	call.pre_handler = on_call;
	err = register_kprobe(&call);
	if (err)
		return err;
	addr = call.addr;
	unregister_kprobe(&call);
	memset(&call, 0, sizeof(call));
	call.addr = addr;
	call.pre_handler = on_call;
	begin = ktime_get_ns();
	err = register_kprobe(&call);
	took = ktime_get_ns() - begin;
	return err;
}

static struct {
	const char *point, *name;
	void *probe;
	struct tracepoint *tp;
} probes[] = {
	{ "syscall", "sys_enter", on_enter },
	{ "syscall", "sys_exit", on_exit },
	{ "switch", "sched_switch", on_switch },
};

static void find(struct tracepoint *tp, void *unused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (!strcmp(probes[i].name, tp->name))
			probes[i].tp = tp;
}

static void detach(unsigned int nr)
{
	while (nr--)
		if (!strcmp(probes[nr].point, point))
			tracepoint_probe_unregister(probes[nr].tp, probes[nr].probe, NULL);
	tracepoint_synchronize_unregister();
}

static int __init empty_init(void)
{
	unsigned int i;
	int err;

	check_trace_callback_type_sys_enter(on_enter);
	check_trace_callback_type_sys_exit(on_exit);
	check_trace_callback_type_sched_switch(on_switch);
	if (!strcmp(point, "kprobe"))
		return attach_function(false);
	if (!strcmp(point, "inside"))
		return attach_inside();
	if (!strcmp(point, "placing"))
		return attach_by_address();
	if (!strcmp(point, "kretprobe"))
		return attach_function(true);
	for_each_kernel_tracepoint(find, NULL);
	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		if (strcmp(probes[i].point, point))
			continue;
		err = probes[i].tp ? tracepoint_probe_register(probes[i].tp, probes[i].probe, NULL) : -ENOENT;
		if (err) {
			detach(i);
			return err;
		}
	}
	return 0;
}

static void __exit empty_exit(void)
{
	if (!strcmp(point, "kprobe") || !strcmp(point, "inside") || !strcmp(point, "placing"))
		unregister_kprobe(&call);
	if (!strcmp(point, "kretprobe"))
		unregister_kretprobe(&ret);
	detach(ARRAY_SIZE(probes));
}

module_init(empty_init);
module_exit(empty_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("LKST bench: empty probes");
