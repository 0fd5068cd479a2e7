// SPDX-License-Identifier: GPL-2.0-only
/*
 * control.c - starting and stopping: by command, by the stop handler, by an oops, by the overload breaker.
 */
#include <linux/bitmap.h>
#include <linux/math64.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "lkst.h"

DEFINE_MUTEX(lkst_control);
DEFINE_STATIC_KEY_TRUE(lkst_clock_is_tsc);
const u8 *lkst_active = lkst_nothing;
u64 lkst_tick_hz;

static unsigned int breaker = 50;
module_param(breaker, uint, 0644);
MODULE_PARM_DESC(breaker, "per cent of a CPU's time that recording may take before it is stopped, 0: no limit (default 50)");

static char *clock = "auto";
module_param(clock, charp, 0444);
MODULE_PARM_DESC(clock, "clock of records: auto, tsc or mono (default auto: tsc where it is fit)");

static int state = LKST_STOPPED;	/* enum lkst_run_state, changed by compare-exchange: handlers change it too */
static const char *reason = "not started yet";
static bool announced = true;		/* the present state has been told in the kernel log */
static u64 cost_ticks;			/* of one record */
static u64 breaker_window;		/* ticks: the shortest time over which a rate is judged */

/* Ten times a second: what handlers and the breaker left to do, and readers to wake. */
static struct timer_list heartbeat;
static void tidy(struct work_struct *work);
static DECLARE_WORK(tidy_work, tidy);

enum lkst_run_state lkst_run_state(void)
{
	return READ_ONCE(state);
}

bool lkst_freeze(enum lkst_run_state to, const char *why)
{
	if (cmpxchg(&state, LKST_RUNNING, to) != LKST_RUNNING)
		return false;
	WRITE_ONCE(lkst_active, lkst_nothing);
	WRITE_ONCE(reason, why);
	WRITE_ONCE(announced, false);
	return true;
}

const unsigned long *lkst_wanted(void)
{
	static DECLARE_BITMAP(wanted, LKST_NR_EVENTS);	/* lkst_control is held */

	if (lkst_run_state() == LKST_RUNNING)
		lkst_maskset_wanted(wanted);
	else
		bitmap_zero(wanted, LKST_NR_EVENTS);
	return wanted;
}

bool lkst_name_ok(const char *name)
{
	size_t len = strnlen(name, LKST_NAME_LEN);

	return len && len < LKST_NAME_LEN && !(name[0] >= '0' && name[0] <= '9') && strspn(name, LKST_NAME_CHARS) == len;
}

void lkst_update_attachments(void)
{
	lkst_attach_update(lkst_wanted());
}

int lkst_start(void)
{
	if (lkst_buffer_selected() == LKST_ANY_ID)
		return -ENXIO;
	if (lkst_run_state() == LKST_RUNNING)
		return 0;
	WRITE_ONCE(reason, "");
	WRITE_ONCE(announced, true);
	WRITE_ONCE(state, LKST_RUNNING);
	lkst_update_attachments();
	WRITE_ONCE(lkst_active, lkst_maskset_table());
	return 0;
}

int lkst_stop(void)
{
	if (!lkst_freeze(LKST_STOPPED, "stopped by command") && lkst_run_state() != LKST_STOPPED) {
		WRITE_ONCE(state, LKST_STOPPED);
		WRITE_ONCE(reason, "stopped by command");
	}
	WRITE_ONCE(announced, true);
	lkst_wait_writers();
	lkst_update_attachments();
	return 0;
}

void lkst_panicked(void)
{
	lkst_freeze(LKST_FROZEN, "the kernel panicked");
	lkst_buffers_close();
}

/*
 * The time that recording took since the window began, against the window. Records of this CPU only, so nothing is shared;
 * a nested call may judge a window twice or reset it early, which only makes it shorter.
 */
void lkst_ring_entered(struct lkst_ring *ring, u64 now, unsigned long records)
{
	union lkst_args_LKST_BREAKER args;
	unsigned int limit = READ_ONCE(breaker);
	u64 elapsed = now - ring->window;

	lkst_device_wake_at_half(ring);
	ring->window_records += records;
	if (elapsed < breaker_window)
		return;
	records = ring->window_records;
	ring->window_records = 0;
	ring->window = now;
	if (!limit || elapsed == now || records * cost_ticks * 100 <= elapsed * limit)
		return;
	if (!lkst_freeze(LKST_TRIPPED, "the overload breaker: recording took too much of a CPU's time, 'lkst start' resumes"))
		return;
	args.a.rate = div64_u64((u64)records * lkst_tick_hz, elapsed);
	args.a.limit = div64_u64(lkst_tick_hz * limit, cost_ticks * 100);
	lkst_record(LKST_EV_LKST_BREAKER, LKST_UNITS_LKST_BREAKER, args.u);
}

static void tidy(struct work_struct *work)
{
	mutex_lock(&lkst_control);
	if (!READ_ONCE(announced)) {
		WRITE_ONCE(announced, true);
		pr_warn("lkst: recording stopped: %s\n", READ_ONCE(reason));
		/* After an oops nothing is touched any more; else what nobody records is not to cost anything. */
		if (lkst_run_state() == LKST_TRIPPED || lkst_run_state() == LKST_STOPPED)
			lkst_update_attachments();
	}
	lkst_buffers_settle();
	mutex_unlock(&lkst_control);
}

static void beat(struct timer_list *timer)
{
	if (!READ_ONCE(announced))
		schedule_work(&tidy_work);
	lkst_device_wake();
	lkst_note_time();
	mod_timer(timer, jiffies + HZ / 10);
}

void lkst_read_clocks(u64 *ticks, u64 *mono_ns, u64 *real_ns)
{
	preempt_disable();
	*mono_ns = ktime_get_ns();
	*ticks = lkst_clock();
	*real_ns = ktime_get_real_ns();
	preempt_enable();
}

void lkst_get_info(struct lkst_info *info)
{
	memset(info, 0, sizeof(*info));
	info->abi = LKST_ABI_VERSION;
	info->clock = static_key_enabled(&lkst_clock_is_tsc) ? LKST_CLOCK_TSC : LKST_CLOCK_MONO;
	info->state = lkst_run_state();
	info->nr_cpus = nr_cpu_ids;
	info->maskset = lkst_maskset_selected();
	info->buffer = lkst_buffer_selected();
	info->tick_hz = lkst_tick_hz;
	lkst_read_clocks(&info->ticks, &info->mono_ns, &info->real_ns);
	info->cost_ns = div64_u64(cost_ticks * NSEC_PER_SEC, lkst_tick_hz);
	strscpy(info->reason, READ_ONCE(reason), sizeof(info->reason));
}

static int choose_clock(void)
{
	bool tsc = !strcmp(clock, "tsc") || (!strcmp(clock, "auto") && lkst_tsc_fit());

	if (strcmp(clock, "auto") && strcmp(clock, "tsc") && strcmp(clock, "mono")) {
		pr_err("lkst: clock=%s: give auto, tsc or mono\n", clock);
		return -EINVAL;
	}
	if (tsc && !lkst_tsc_hz()) {
		pr_err("lkst: clock=tsc: this machine has no time stamp counter, give clock=mono\n");
		return -ENODEV;
	}
	if (!tsc)
		static_branch_disable(&lkst_clock_is_tsc);
	lkst_tick_hz = tsc ? lkst_tsc_hz() : NSEC_PER_SEC;
	return 0;
}

#define CALIBRATION_BATCH	256
#define CALIBRATION_BATCHES	16

/* Ticks a record of the fastest of some batches, into a ring that nobody else sees. */
static u64 fastest(struct lkst_ring *ring)
{
	union lkst_args_LKST_TEST args = { .a = { 0 } };
	u64 start, spent, best = U64_MAX;
	struct lkst_ring *saved;
	unsigned int batch, i;

	for (batch = 0; batch < CALIBRATION_BATCHES; batch++) {
		preempt_disable();
		saved = __this_cpu_read(lkst_ring_now);
		__this_cpu_write(lkst_ring_now, ring);
		start = lkst_clock();
		for (i = 0; i < CALIBRATION_BATCH; i++)
			lkst_record(LKST_EV_LKST_TEST, LKST_UNITS_LKST_TEST, args.u);
		spent = lkst_clock() - start;
		__this_cpu_write(lkst_ring_now, saved);
		preempt_enable();
		best = min(best, div64_u64(spent, CALIBRATION_BATCH));
	}
	return best;
}

/* What a record costs here, at its best. */
static int calibrate(void)
{
	struct lkst_slot *slot = kcalloc(2, sizeof(*slot), GFP_KERNEL);
	struct lkst_ring *ring = kzalloc(sizeof(*ring), GFP_KERNEL);
	unsigned char *memory = lkst_alloc_pages(numa_node_id(), 2);
	int err = -ENOMEM;

	if (!slot || !ring || !memory)
		goto free;
	slot[0].base = memory;
	slot[1].base = memory + 2 * PAGE_SIZE;
	lkst_ring_init(ring, slot, 2 * PAGE_SIZE, 2, 1);
	cost_ticks = U64_MAX;	/* the breaker looks on */
	cost_ticks = max_t(u64, fastest(ring), 1);
	err = 0;
free:
	if (memory)
		memset(memory, 0, 4 * PAGE_SIZE);
	lkst_free_pages(memory, 2);
	kfree(ring);
	kfree(slot);
	return err;
}

int lkst_control_init(void)
{
	int err = choose_clock();

	if (!err)
		err = calibrate();
	if (!err)
		err = lkst_note_init();
	if (err)
		return err;
	breaker_window = div64_u64(lkst_tick_hz, HZ);
	timer_setup(&heartbeat, beat, 0);
	mod_timer(&heartbeat, jiffies + HZ / 10);
	return 0;
}

void lkst_control_exit(void)
{
	lkst_timer_shutdown(&heartbeat);
	cancel_work_sync(&tidy_work);
	lkst_note_exit();
}
