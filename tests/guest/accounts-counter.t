#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# accounts-counter.t - 20 x 100,000 records and those nested in them, overwriting, timed by the raw time stamp counter.
exec tests/guest/run accounts.sh --smp 2 --nmi-every 1 -- counter
