#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-accounts-up.t - accounts-overwrite.t on 2.4.37.11, UP.
exec tests/legacy/run 24-up accounts.sh --nmi-every 20 --timeout 300 -- overwrite
