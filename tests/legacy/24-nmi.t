#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-nmi.t - NMIs that pass a hook, during load, unload and recording on 2.4.37.11: nothing happens but their records.
exec tests/legacy/run 24-smp nmi.sh --smp 2 --nmi-every 5 --timeout 200
