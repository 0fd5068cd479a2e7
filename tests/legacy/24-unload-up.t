#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-unload-up.t - 2.4.37.11, UP: loaded and unloaded beside other processes and NMIs.
exec tests/legacy/run 24-up unload.sh --nmi-every 5 --timeout 600
