#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# load.sh - guest, any kernel: it is up, and what tasks do all day works.
set -eu
load26
echo "load.sh: $(uname -r) ran the load"
