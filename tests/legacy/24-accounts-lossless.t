#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-accounts-lossless.t - accounts-lossless.t on 2.4.37.11.
exec tests/legacy/run 24-smp accounts.sh --smp 2 --nmi-every 20 --timeout 300 -- lossless
