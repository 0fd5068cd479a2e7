#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# vendor-2.4.t - vendor.t on a vendor's tree of 2.4.
exec tests/series/vendor.t 2.4
