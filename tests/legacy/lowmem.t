#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# lowmem.t - buffers on 2.6.9 come from low memory only, where a hook in an NMI needs no page table that is not there.
#
# To see it red: let lkst_alloc_pages() of kmod/compat/legacy_memory.h return vmalloc(PAGE_SIZE << order).
exec tests/legacy/run smp lowmem.sh --smp 2 --mem 1536 --timeout 300
