#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# params.t - module parameters; loaded and removed under load.
exec tests/guest/run params.sh --smp 2
