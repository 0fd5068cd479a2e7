#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-abi.t - abi.t on 2.4.37.11.
version=2.4.37.11
export version
exec tests/legacy/abi.t "$@"
