#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# params.t - module parameters on 2.6.9; loaded and removed under load, and while the device is open (the guest suite).
exec tests/legacy/run smp params.sh --smp 2 --timeout 300
