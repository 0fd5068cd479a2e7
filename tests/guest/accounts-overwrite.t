#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# accounts-overwrite.t - 20 x 100,000 records and those nested in them, overwriting.
exec tests/guest/run accounts.sh --smp 2 --nmi-every 1 -- overwrite
