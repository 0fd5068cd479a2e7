#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# forms.t - the commands of 2005 on 2.6.9 (the guest suite).
exec tests/legacy/run smp forms.sh --smp 2 --disk 16 --timeout 300
