# SPDX-License-Identifier: GPL-2.0-only
# overlay.awk - lists like events.list, laid over each other: of each file the lines of those events, with by=load of
# those events and loads, that no file before it has. A line whose how-many is '-' hides others and is not printed: with
# -v gone=FILE its event goes there, with the rest of the line, which says why there is none.
function key() {
	return by == "load" ? $1 " " $2 : $1
}
/^#/ || !NF { next }
FILENAME != file {
	for (k in here)
		own[k] = 1
	file = FILENAME
}
key() in own { next }
{
	here[key()] = 1
	if ($3 != "-") {
		print
	} else {
		event = $1
		$1 = $2 = $3 = ""
		print event, $0 >>gone
	}
}
