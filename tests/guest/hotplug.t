#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# hotplug.t - CPUs that go and come.
exec tests/guest/run hotplug.sh --smp 4 --mem 768
