#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# truth-free.t - what truth.t cannot: there memory is cleared when it is taken, here when it is given back.
exec tests/guest/run truth.sh --icount --append init_on_free=1 --timeout 600 -- free
