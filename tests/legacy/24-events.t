#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-events.t - events.t on 2.4.37.11.
exec tests/legacy/run 24-smp events.sh --smp 2 --disk 16 --timeout 300
