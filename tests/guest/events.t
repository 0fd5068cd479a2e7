#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# events.t - every event of the catalogue is seen, with the right arguments.
exec tests/guest/run events.sh --smp 3 --disk 16 --kmod brd --kmod mq-deadline --append no_hash_pointers --timeout 300
