#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# leave-children.sh - guest: end with status 3 while 300 children are left, whose end the rig is told of when it says that.
i=0
while [ $i -lt 300 ]; do
	sleep 1000 &
	i=$((i + 1))
done
exit 3
