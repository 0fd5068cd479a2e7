#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# control.t - masksets, handlers, buffers, rights, the overload breaker.
exec tests/guest/run control.sh --smp 2 --timeout 240
