#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# accounts-lossless.t - a reader that keeps up with 2.6.9 loses nothing (the guest suite).
exec tests/legacy/run smp accounts.sh --smp 2 --nmi-every 20 --timeout 300 -- lossless
