#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 6.12.t - every event of the catalogue on stock 6.12, as on 6.1.
KERNEL=6.12 exec tests/guest/events.t
