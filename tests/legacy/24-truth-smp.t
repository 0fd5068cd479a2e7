#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-truth-smp.t - truth-smp.t on 2.4.37.11.
exec tests/legacy/truth-smp.t 24-smp
