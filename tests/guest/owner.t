#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# owner.t - a recording ends with the program whose it is, and nothing of it stays.
exec tests/guest/run owner.sh --smp 2 --timeout 300
