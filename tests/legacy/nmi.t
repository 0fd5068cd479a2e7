#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# nmi.t - NMIs that pass a hook, during load, unload and recording on 2.6.9: nothing happens but their records.
exec tests/legacy/run smp nmi.sh --smp 2 --nmi-every 5 --timeout 200
