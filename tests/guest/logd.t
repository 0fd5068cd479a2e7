#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# logd.t - lkstlogd killed, on a full disk, rotating.
exec tests/guest/run logd.sh --smp 2
