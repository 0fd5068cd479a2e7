#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# accounts-idle.t - the same, read only when all is over.
exec tests/guest/run accounts.sh --smp 4 --nmi-every 1 -- idle
