#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# events.t - every event that 2.6.9 has a hook for is seen, with the right arguments: the guest suite's events.sh, SMP.
exec tests/legacy/run smp events.sh --smp 2 --disk 16 --timeout 300
