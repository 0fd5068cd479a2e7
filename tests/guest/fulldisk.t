#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# fulldisk.t - a trace on a full disk says what it lacks.
exec tests/guest/run fulldisk.sh --smp 2
