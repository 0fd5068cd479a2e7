// SPDX-License-Identifier: GPL-2.0-only
/*
 * recover.c - lkst recover: what the buffers held when a kernel died, from an image of its memory.
 *
 * A sub-buffer is one piece of memory, aligned to a page, and says in its header what it is (record.h); a page of the module's
 * has the header of the trace (file.h). So every page is looked at, and neither symbols nor page tables are needed. Nothing
 * in an image is trusted: the walk over records ends where one does not make sense.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lkst/ioctl.h>

#include "catalogue.h"
#include "cli.h"
#include "dump.h"
#include "lkst.h"
#include "option.h"
#include "recording.h"
#include "subbuf.h"
#include "writer.h"

#define DEFAULT_FILE	"trace.lkst"
#define PAGE		4096U
#define CHUNK		(256 * PAGE)
#define MAX_SUBBUF	(1U << 20)
#define MAX_PARTS	65536U

static const char help[] =
"Usage: lkst recover [OPTION...] IMAGE\n"
"Writes a trace of what the buffers of a kernel held when it died, from IMAGE: its memory as\n"
"it is (QEMU's pmemsave) or as an ELF core (kdump's /proc/vmcore, dump-guest-memory, virsh\n"
"dump --memory-only). Needs neither the module nor any right but to read IMAGE.\n"
"\n"
"Options:\n"
"  -o, --output FILE     the trace (trace.lkst); '-' is standard output\n"
"  -b, --buffer ID       the buffer (that with the newest record)\n"
"  -f, --force           replace FILE even if it is not a trace\n"
"  -q, --quiet           no summary, warnings only\n"
"  -h, --help            this text\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 3 done but a part could not be recovered\n"
"\n"
"EXAMPLES\n"
"  lkst recover -o crash.lkst /var/crash/202611220630/vmcore; lkstla print crash.lkst\n";

static const struct option longs[] = {
	{ "output", required_argument, NULL, 'o' }, { "buffer", required_argument, NULL, 'b' },
	{ "force", no_argument, NULL, 'f' }, { "quiet", no_argument, NULL, 'q' },
	LKST_COMMON_OPTIONS
};

/* A piece of the image that was one piece of memory. */
struct part {
	lkst_u64 at, size;
};

struct found {
	lkst_u64 at;			/* in the image */
	struct lkst_packet packet;
};

static struct recover {
	int fd;
	const char *image;
	struct part *part;
	unsigned int nr_parts;
	struct lkst_file_header header;	/* without a magic: none was found */
	struct found *found;
	size_t nr, room;
	unsigned int buffer;
	lkst_u64 records, newest;
	unsigned int cpus, twice, unclosed;
} x;

static size_t read_at(lkst_u64 at, void *to, size_t size)
{
	size_t done = 0;
	ssize_t n = 1;

	while (done < size && n > 0) {
		n = pread(x.fd, (char *)to + done, size - done, (off_t)(at + done));
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n < 0)
			lkst_die(LKST_EXIT_FAILED, "reading '%s': %s", x.image, strerror(errno));
		else
			done += (size_t)n;
	}
	return done;
}

static void add_part(lkst_u64 at, lkst_u64 size)
{
	x.part = lkst_xrealloc(x.part, (x.nr_parts + 1) * sizeof(*x.part));
	x.part[x.nr_parts].at = at;
	x.part[x.nr_parts++].size = size;
}

static void find_parts_of_core(const Elf64_Ehdr *head)
{
	Elf64_Phdr p;
	unsigned int i;

	for (i = 0; i < head->e_phnum && i < MAX_PARTS; i++) {
		if (read_at(head->e_phoff + (lkst_u64)i * sizeof(p), &p, sizeof(p)) != sizeof(p))
			break;
		/* What begins in the midst of a page is looked at from the next. */
		if (p.p_type == PT_LOAD && p.p_filesz > (-p.p_paddr & (PAGE - 1)))
			add_part(p.p_offset + (-p.p_paddr & (PAGE - 1)), p.p_filesz - (-p.p_paddr & (PAGE - 1)));
	}
	if (!x.nr_parts)
		lkst_die(LKST_EXIT_FAILED, "reading '%s': an ELF file without memory in it", x.image);
}

static void find_parts(void)
{
	static const char *const packed[] = { "KDUMP   ", "makedumpfile" };
	union {
		Elf64_Ehdr elf;
		char text[64];
	} head;
	off_t size = lseek(x.fd, 0, SEEK_END);
	unsigned int i;

	if (size < (off_t)PAGE || read_at(0, &head, sizeof(head)) != sizeof(head))
		lkst_die(LKST_EXIT_FAILED, "reading '%s': not an image of memory", x.image);
	for (i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (!memcmp(head.text, packed[i], strlen(packed[i])))
			lkst_die(LKST_EXIT_FAILED, "reading '%s': a dump packed by makedumpfile (unpack it: makedumpfile -E, or -R "
				 "before that for a flat one)", x.image);
	if (memcmp(head.elf.e_ident, ELFMAG, SELFMAG)) {
		add_part(0, (lkst_u64)size);
		return;
	}
	if (head.elf.e_ident[EI_CLASS] != ELFCLASS64 || head.elf.e_phentsize != sizeof(Elf64_Phdr))
		lkst_die(LKST_EXIT_FAILED, "reading '%s': an ELF core of 32 bits (give the memory as it is)", x.image);
	find_parts_of_core(&head.elf);
}

/* Files have a checksum, and these have none. After a second load of the module the newer is the one that counts. */
static void look_at_header(const struct lkst_file_header *h)
{
	if (memcmp(h->magic, LKST_FILE_MAGIC, sizeof(h->magic)) || h->version != LKST_FILE_VERSION ||
	    h->header_size != sizeof(*h) || h->crc || h->reserved[0] != LKST_IN_MEMORY || !h->tick_hz ||
	    !memchr(h->machine, 0, sizeof(h->machine)))
		return;
	if (!x.header.magic[0] || h->real_ns > x.header.real_ns)
		x.header = *h;
}

static void look_at_packet(const struct lkst_packet *p, lkst_u64 at, lkst_u64 left)
{
	if (p->magic != LKST_PACKET_MAGIC || p->type != LKST_PKT_RECORDS || p->crc || p->records ||
	    p->buffer >= LKST_MAX_BUFFERS || p->size < PAGE || p->size > MAX_SUBBUF || p->size & (p->size - 1) || p->size > left)
		return;
	if (x.nr == x.room) {
		x.room = x.room ? 2 * x.room : 1024;
		x.found = lkst_xrealloc(x.found, x.room * sizeof(*x.found));
	}
	x.found[x.nr].at = at;
	x.found[x.nr++].packet = *p;
}

static void scan(const struct part *part)
{
	static char chunk[CHUNK];
	lkst_u64 done;
	size_t got, at;

	for (done = 0; done < part->size; done += got) {
		got = part->size - done < CHUNK ? (size_t)(part->size - done) : CHUNK;
		got = read_at(part->at + done, chunk, got);
		if (!got)
			return;		/* the file is shorter than it says */
		for (at = 0; at + PAGE <= got; at += PAGE) {
			look_at_header((const void *)(chunk + at));
			look_at_packet((const void *)(chunk + at), part->at + done + at, part->size - done - at);
		}
	}
}

static int by_place(const void *a, const void *b)
{
	const struct lkst_packet *p = &((const struct found *)a)->packet, *q = &((const struct found *)b)->packet;

	if (p->cpu != q->cpu)
		return p->cpu < q->cpu ? -1 : 1;
	return p->seq < q->seq ? -1 : p->seq > q->seq;
}

/* Leaves those of one buffer, in the order of CPUs and numbers. */
static void choose(lkst_u64 wanted)
{
	lkst_u64 newest[LKST_MAX_BUFFERS] = { 0 };
	unsigned int id, n[LKST_MAX_BUFFERS] = { 0 };
	size_t i, nr = 0;

	for (i = 0; i < x.nr; i++) {
		id = x.found[i].packet.buffer;
		n[id]++;
		if (x.found[i].packet.time > newest[id])
			newest[id] = x.found[i].packet.time;
	}
	for (x.buffer = 0, id = 1; id < LKST_MAX_BUFFERS; id++)
		if (newest[id] > newest[x.buffer])
			x.buffer = id;
	if (wanted < LKST_MAX_BUFFERS)
		x.buffer = (unsigned int)wanted;
	for (id = 0; id < LKST_MAX_BUFFERS; id++)
		if (n[id] && id != x.buffer && wanted >= LKST_MAX_BUFFERS)
			lkst_warn("buffer %u has records too: -b %u", id, id);
	for (i = 0; i < x.nr; i++)
		if (x.found[i].packet.buffer == x.buffer && x.found[i].packet.cpu < x.header.nr_cpus)
			x.found[nr++] = x.found[i];
	x.nr = nr;
	if (!nr)
		lkst_die(LKST_EXIT_FAILED, "recovering from '%s': buffer %u holds nothing", x.image, x.buffer);
	qsort(x.found, x.nr, sizeof(*x.found), by_place);
}

/* Bytes up to the last record that can be one: of an event that there is, not older than the one before. */
static size_t walk(struct lkst_packet *p)
{
	const struct lkst_event_desc *e;
	struct lkst_cursor c;
	lkst_u64 last = p->time;
	const lkst_u64 *end = (const lkst_u64 *)(p + 1);

	p->records = 0;
	for (lkst_cursor_start(&c, p); lkst_cursor_next(&c); end = c.at) {
		e = lkst_event_by_id(c.event);
		if (!e || c.units < e->units || c.time < last)
			break;
		last = c.time;
		p->records++;
	}
	if (last > x.newest)
		x.newest = last;
	return (size_t)((const char *)end - (const char *)p);
}

static void write_one(struct lkst_writer *w, const struct found *f)
{
	static lkst_u64 memory[MAX_SUBBUF / 8];
	struct lkst_packet *p = (struct lkst_packet *)memory;
	unsigned int size = f->packet.size, used = (unsigned int)(f->packet.reserved & ((1U << LKST_CLOSED_BITS) - 1));
	size_t whole;

	if (read_at(f->at, memory, size) != size) {
		x.unclosed++;
		return;
	}
	if (p->reserved == LKST_PACKET_CLOSED(p->seq, used) && used >= sizeof(*p) && used <= size && !(used % 8))
		p->size = used;
	whole = walk(p);
	/* Not closed, or with a record whose writer did not come back. */
	if (whole != p->size)
		x.unclosed++;
	p->size = (lkst_u32)whole;
	p->reserved = 0;
	x.records += p->records;
	lkst_writer_packet(w, p, p + 1, whole - sizeof(*p));
}

static void write_all(struct lkst_writer *w)
{
	const struct lkst_info clock = {
		.ticks = x.header.ticks, .mono_ns = x.header.mono_ns, .real_ns = x.header.real_ns,
	};
	size_t i;

	lkst_dump_comment(w, "version", LKST_VERSION);
	lkst_dump_comment(w, "recovered", x.image);
	lkst_dump_events(w);
	lkst_dump_clock(w, &clock);
	lkst_dump_syscalls(w, x.header.machine);
	for (i = 0; i < x.nr; i++) {
		if (i && !by_place(&x.found[i - 1], &x.found[i])) {
			x.twice++;
			continue;
		}
		x.cpus += !i || x.found[i - 1].packet.cpu != x.found[i].packet.cpu;
		write_one(w, &x.found[i]);
	}
}

static int finish(struct lkst_writer *w, const char *path, int quiet)
{
	if (w->dropped_packets || lkst_writer_close(w))
		lkst_die(LKST_EXIT_FAILED, "writing '%s': %s", path, strerror(w->dropped_packets ? w->why : errno));
	if (lkst_writer_commit(w))
		lkst_die(LKST_EXIT_FAILED, "writing '%s': %s", path, strerror(errno));
	if (!quiet)
		fprintf(stderr, "%12llu  records of buffer %u on %u CPUs\nFile: %s\nLook at it: lkstla print %s\n", x.records,
			x.buffer, x.cpus, path, path);
	if (x.twice)
		lkst_warn("%u sub-buffers were there twice", x.twice);
	if (x.unclosed)
		lkst_warn("of %u sub-buffers the end was not to be had: nobody told the module of the panic, or a CPU stood in the "
			  "midst of a record", x.unclosed);
	return x.twice || x.unclosed ? LKST_EXIT_LOSSES : LKST_EXIT_DONE;
}

int lkst_cmd_recover(int argc, char **argv)
{
	const char *file = DEFAULT_FILE;
	lkst_u64 buffer = LKST_MAX_BUFFERS;
	int c, flags = LKST_WRITER_LATE, quiet = 0;
	struct lkst_writer w;
	unsigned int i;

	while ((c = lkst_option(argc, argv, ":ho:b:fq", longs, help)) != -1) {
		switch (c) {
		case 'o': file = optarg; break;
		case 'b': buffer = lkst_parse_u64("buffer", optarg, 0, LKST_MAX_BUFFERS - 1); break;
		case 'f': flags |= LKST_WRITER_FORCE; break;
		case 'q': quiet = 1; break;
		}
	}
	if (optind == argc)
		lkst_usage_error("give the image of a memory");
	x.image = argv[optind++];
	lkst_no_more(argc, argv);
	if (!strcmp(file, "-") && isatty(STDOUT_FILENO))
		lkst_usage_error("a trace is not for a terminal: give --output FILE");
	x.fd = open(x.image, O_RDONLY | O_CLOEXEC);
	if (x.fd < 0)
		lkst_die(LKST_EXIT_FAILED, "reading '%s': %s", x.image, strerror(errno));
	find_parts();
	for (i = 0; i < x.nr_parts; i++)
		scan(&x.part[i]);
	if (!x.header.magic[0])
		lkst_die(LKST_EXIT_FAILED, "recovering from '%s': the module is not in it (was it loaded? is it all of the memory?)",
			 x.image);
	choose(buffer);
	memset(x.header.reserved, 0, sizeof(x.header.reserved));
	if (lkst_writer_open(&w, file, flags, &x.header))
		lkst_recording_die(file, errno);
	write_all(&w);
	return finish(&w, file, quiet);
}
