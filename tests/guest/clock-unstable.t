#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# clock-unstable.t - the same CPU, whose counter the kernel doubts: the fallback clock.
exec tests/guest/run clock.sh --smp 1 --append tsc=unstable -- monotonic
