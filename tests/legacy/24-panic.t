#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-panic.t - panic.t on 2.4.37.11.
exec tests/legacy/panic.t 24-smp
