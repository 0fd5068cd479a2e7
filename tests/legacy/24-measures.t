#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-measures.t - measures.t on 2.4.37.11, whose system calls come one way.
exec tests/legacy/measures.t 24-smp SYSCALL_ENTRY
