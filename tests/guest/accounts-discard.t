#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# accounts-discard.t - the same, refusing what does not fit; read by mmap.
exec tests/guest/run accounts.sh --smp 2 --nmi-every 1 -- discard
