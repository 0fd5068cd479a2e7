# SPDX-License-Identifier: GPL-2.0-only
# bounds.awk - whether samples lie where tests/guest/load/truth.c or the test module say: as many as there are
# bounds, each between its least and its most, both in ns.
#
# Usage: awk [-v list=PREFIX] [-v below=NS] [-v grain=NS] [-v rate=PART] [-v apart=NS] [-v stopped=N]
#            [-v more=1] -f bounds.awk VALUES SAMPLES
#   VALUES   what the load printed: PREFIXleast=N,... and PREFIXmost=N,...
#   SAMPLES  a line each, the value in seconds
#   below    so much less than the least is right, too (0)
#   grain    what the load's clock counts by (1)
#   rate     so much of the value may the clocks of the load and of the tracer differ (0.00001)
#   apart    bounds that are farther apart prove nothing (500000)
#   stopped  so many may be less than the least: a busy host stops a CPU between a reading of the clock and what it is
#            read for (0)
#   more     samples that lie in no bounds are stepped over, if those that do are all there, in their order: a busy
#            host makes others as long
# Prints one line; exits with 1 when that is not so.
BEGIN {
	if (grain == "") grain = 1
	if (rate == "") rate = 0.00001
	if (apart == "") apart = 500000
}
FNR == NR {
	i = index($0, "=")
	name = substr($0, 1, i - 1)
	if (name == list "least") bounds = split(substr($0, i + 1), least, ",")
	if (name == list "most") split(substr($0, i + 1), most, ",")
	next
}
{
	n++
	value = $1 * 1e9
	allowed = value * rate + grain
	if (more && (n > bounds || value < least[n] - below - allowed || value > most[n] + allowed)) {
		n--
		next
	}
	if (value < least[n] - below - allowed && less++ < stopped)
		next
	if (value < least[n] - below - allowed || value > most[n] + allowed || most[n] - least[n] > apart)
		if (!wrong++)
			first = sprintf(", the first is %d: %d ns, not %d to %d", n, value, least[n] - below, most[n])
	if (most[n] - least[n] > widest) widest = most[n] - least[n]
}
END {
	printf "%d of %d, bounds up to %d us apart, %d wrong%s\n", n, bounds, widest / 1000, wrong, first
	exit !(n == bounds && n > 0 && !wrong)
}
