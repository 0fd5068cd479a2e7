#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 7.2.t - every event of the catalogue on stock 7.2, as on 6.1.
KERNEL=7.2 exec tests/guest/events.t
