#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# accounts-handler.t - a handler that returns errors, a million times, and is removed under load.
exec tests/guest/run accounts.sh --smp 2 --nmi-every 1 -- handler
