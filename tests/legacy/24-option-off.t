#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-option-off.t - option-off.t on 2.4.37.11, UP or SMP.
version=2.4.37.11
export version
exec tests/legacy/option-off.t "$@"
