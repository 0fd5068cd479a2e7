#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# pae-nmi.t - see nmi.t; with PAE, preemption and stacks of 4 KB.
exec tests/legacy/run pae nmi.sh --smp 2 --mem 4608 --nmi-every 5 --timeout 200
