#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# nest.t - nesting forced at every step of the record path, in the kernel.
STEPS=yes exec tests/guest/run nest.sh --smp 2 --nmi-every 5 --timeout 300
