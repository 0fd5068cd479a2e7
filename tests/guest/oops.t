#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# oops.t - an oops freezes the buffers.
exec tests/guest/run oops.sh --smp 2 --allow-oops
