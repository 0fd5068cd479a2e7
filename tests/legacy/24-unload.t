#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-unload.t - 2.4.37.11, SMP: the module is not unloaded while a CPU does not schedule, else always, NMIs or not.
exec tests/legacy/run 24-smp unload.sh --smp 2 --nmi-every 5 --timeout 600
