#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-up.t - the whole series on 2.4.37.11, UP: built, booted, recorded, unloaded under load, and read on the host.
version=2.4.37.11
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/legacy/24.sh
. "${0%/*}/24.sh"

kernel up
boot up record.sh
boot up-loads loads24.sh --disk 16
seen24 up
measured24 up
echo "1..$tests"
