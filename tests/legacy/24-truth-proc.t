#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-truth-proc.t - truth-proc.t on 2.4.37.11, which spends its first minute looking for disks when it is told nothing.
exec tests/legacy/run 24-up truth-proc.sh --icount --append 'ide0=noprobe ide1=noprobe' --timeout 900
