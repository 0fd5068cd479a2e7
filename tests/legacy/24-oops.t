#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-oops.t - an oops of 2.4.37.11 freezes the buffers (the guest suite).
exec tests/legacy/run 24-smp oops.sh --allow-oops
