#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# forms.t - the commands as printed in 2005, and the commands against the tests' own reader.
exec tests/guest/run forms.sh --smp 2 --disk 16
