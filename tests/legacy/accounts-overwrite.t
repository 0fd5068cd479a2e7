#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# accounts-overwrite.t - produced == read + lost + overwritten on 2.6.9, with records from soft interrupts and NMIs (the guest suite).
exec tests/legacy/run smp accounts.sh --smp 2 --nmi-every 20 --timeout 300 -- overwrite
