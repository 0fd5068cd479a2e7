#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# accounts-lossless.t - a reader that keeps up loses nothing.
exec tests/guest/run accounts.sh --smp 2 --nmi-every 1 -- lossless
