# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# guest.sh - what the guest scripts of packages share: rpm itself, who asks, what the daemon took. Sourced as
# /t/guest.sh, which brings lib.sh.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh

# The shell of the guest has an rpm of its own, which knows less.
rpm() {
	/usr/bin/rpm "$@"
}

# as USER COMMAND: its output and status
as() {
	su "$1" -c "$2"
}

has_recorded() {
	[ "$(lkstbuf stat 2>/dev/null | awk '/^ *[0-9]/ { sum += $6 } END { print sum + 0 }')" -ge "$1" ]
}

# recorded LEAST: wait until the daemon has taken so many records
recorded() {
	wait_for 30 has_recorded "$1"
}
