#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# quilt-2.4.t - quilt.t of the series for 2.4, as far as it has to do with that.
exec tests/series/quilt.t 2.4
