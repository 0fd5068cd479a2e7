#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 5.10.t - every event of the catalogue on stock 5.10, as on 6.1.
KERNEL=5.10 exec tests/guest/events.t
