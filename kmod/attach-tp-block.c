// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-tp-block.c - tracepoints of block I/O. Up to 5.10 most of them have the queue in front of
 * their other arguments.
 */
#include <linux/blkdev.h>
#include <linux/blk-mq.h>
#include <linux/version.h>
#include <trace/events/block.h>
#include "attach-tp.h"

/* Requests that belong to no disk (a SCSI host's own commands) have no device number. */
static __always_inline u32 disk_number(const struct gendisk *disk)
{
	return disk ? (u32)disk->major << 20 | disk->first_minor : 0;
}

static __always_inline u32 rq_device(const struct request *rq)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
	return disk_number(rq->q->disk);
#else
	return disk_number(rq->rq_disk);
#endif
}

/* dev_t inside the kernel is major << 20 | minor, as in the record. */
static __always_inline u32 bio_device(const struct bio *bio)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 12, 0)
	return bio->bi_bdev ? bio->bi_bdev->bd_dev : 0;
#else
	return disk_number(bio->bi_disk) + bio->bi_partno;
#endif
}

static __always_inline unsigned int rq_operation(const struct request *rq)
{
	return (__force unsigned int)rq->cmd_flags & (__force unsigned int)REQ_OP_MASK;
}

/* A request of no data, as a flush is, says sector -1; 0 packs and prints better. */
static __always_inline sector_t rq_sector(const struct request *rq)
{
	return rq->__sector == (sector_t)-1 ? 0 : rq->__sector;
}

static __always_inline void emit_insert(struct request *rq)
{
	lkst_emit(BLOCK_INSERT, rq_device(rq), blk_rq_bytes(rq), rq_sector(rq), (unsigned long)rq);
}

static __always_inline void emit_issue(struct request *rq)
{
	lkst_emit(BLOCK_ISSUE, rq_device(rq), blk_rq_bytes(rq), rq_sector(rq), (unsigned long)rq,
		  rq_operation(rq));
}

static __always_inline void emit_complete(struct request *rq, int error, unsigned int nr_bytes)
{
	lkst_emit(BLOCK_COMPLETE, rq_device(rq), nr_bytes, rq_sector(rq), (unsigned long)rq, error);
}

static __always_inline void emit_queue(struct bio *bio)
{
	lkst_emit(BLOCK_QUEUE, bio_device(bio), bio->bi_iter.bi_size, bio->bi_iter.bi_sector,
		  (__force unsigned int)bio_op(bio));
}

static __always_inline void emit_bio_complete(struct bio *bio, int error)
{
	lkst_emit(BLOCK_BIO_COMPLETE, bio_device(bio), bio->bi_iter.bi_size, bio->bi_iter.bi_sector,
		  error);
}

static __always_inline void emit_merge(struct bio *bio)
{
	lkst_emit(BLOCK_MERGE, bio_device(bio), bio->bi_iter.bi_size, bio->bi_iter.bi_sector);
}

LKST_TP_PROBE(bio_queue, struct bio *bio) { emit_queue(bio); }
LKST_TP_PROBE(bio_queue_q, struct request_queue *q, struct bio *bio) { emit_queue(bio); }

LKST_TP_PROBE(rq_insert, struct request *rq) { emit_insert(rq); }
LKST_TP_PROBE(rq_insert_q, struct request_queue *q, struct request *rq) { emit_insert(rq); }

LKST_TP_PROBE(rq_issue, struct request *rq) { emit_issue(rq); }
LKST_TP_PROBE(rq_issue_q, struct request_queue *q, struct request *rq) { emit_issue(rq); }

LKST_TP_PROBE(rq_complete, struct request *rq, blk_status_t error, unsigned int nr_bytes)
{
	emit_complete(rq, blk_status_to_errno(error), nr_bytes);
}

/* up to 5.16 */
LKST_TP_PROBE(rq_complete_errno, struct request *rq, int error, unsigned int nr_bytes)
{
	emit_complete(rq, error, nr_bytes);
}

LKST_TP_PROBE(bio_complete, struct request_queue *q, struct bio *bio)
{
	emit_bio_complete(bio, blk_status_to_errno(bio->bi_status));
}

LKST_TP_PROBE(bio_merge, struct bio *bio) { emit_merge(bio); }
LKST_TP_PROBE(bio_merge_q_rq, struct request_queue *q, struct request *rq, struct bio *bio)
{
	emit_merge(bio);
}

LKST_TP_PROBE(plug, struct request_queue *q)
{
	lkst_emit(BLOCK_PLUG, (unsigned long)q);
}

LKST_TP_PROBE(unplug, struct request_queue *q, unsigned int depth, bool explicit)
{
	lkst_emit(BLOCK_UNPLUG, (unsigned long)q, depth);
}

static struct lkst_point rows[] = {
	LKST_TP(BLOCK_QUEUE, block_bio_queue, bio_queue),
	LKST_TP(BLOCK_QUEUE, block_bio_queue, bio_queue_q),
	LKST_TP(BLOCK_INSERT, block_rq_insert, rq_insert),
	LKST_TP(BLOCK_INSERT, block_rq_insert, rq_insert_q),
	LKST_TP(BLOCK_ISSUE, block_rq_issue, rq_issue),
	LKST_TP(BLOCK_ISSUE, block_rq_issue, rq_issue_q),
	LKST_TP(BLOCK_COMPLETE, block_rq_complete, rq_complete),
	LKST_TP(BLOCK_COMPLETE, block_rq_complete, rq_complete_errno),
	LKST_TP(BLOCK_BIO_COMPLETE, block_bio_complete, bio_complete),
	LKST_TP(BLOCK_MERGE, block_bio_backmerge, bio_merge),
	LKST_TP(BLOCK_MERGE, block_bio_backmerge, bio_merge_q_rq),
	LKST_TP(BLOCK_MERGE, block_bio_frontmerge, bio_merge),
	LKST_TP(BLOCK_MERGE, block_bio_frontmerge, bio_merge_q_rq),
	LKST_TP(BLOCK_PLUG, block_plug, plug),
	LKST_TP(BLOCK_UNPLUG, block_unplug, unplug),
};
LKST_POINTS(lkst_points_block, rows);
