#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# record.t - what 'lkst record' does with commands, processes, signals, names and files that are not as usual.
exec tests/guest/run record.sh --smp 2 --timeout 300
