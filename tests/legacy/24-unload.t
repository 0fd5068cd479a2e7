#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-unload.t - 2.4.37.11 refuses to unload the module while a CPU does not schedule, and unloads it else.
exec tests/legacy/run 24-smp unload.sh --smp 2 --timeout 300
