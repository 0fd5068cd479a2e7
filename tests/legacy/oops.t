#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# oops.t - an oops of 2.6.9 freezes the buffers (the guest suite).
exec tests/legacy/run smp oops.sh --allow-oops
