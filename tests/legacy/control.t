#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# control.t - masksets, handlers, buffers, rights and the overload breaker on 2.6.9 (the guest suite).
exec tests/legacy/run smp control.sh --smp 2 --timeout 300
