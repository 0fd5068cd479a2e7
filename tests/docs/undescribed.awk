# SPDX-License-Identifier: GPL-2.0-only
# undescribed.awk - functions that headers declare or define without a word about them, one a line: FILE FUNCTION.
#
# A function is described by kernel-doc of its name, in the header or in a .c file among the arguments; or it
# stands in a run of declarations, with no empty line between them, that a comment begins: "as the requests of
# the same names".
# Usage: awk -f undescribed.awk HEADER... SOURCE...

FNR == 1 { comment = inside = named = 0 }

# ---- comments ----
!inside && /^\/\*\*/ { named = 1 }
!inside && /^\/\*/ { comment = 1; inside = 1 }
inside {
	if (named && $1 == "*" && $3 == "-") {
		described[$2] = 1
		named = 0
	}
	if (/\*\//)
		inside = 0
	next
}
/^[ \t]*$/ { comment = 0; next }
FILENAME !~ /\.h$/ { next }

# ---- declarations and inline functions: they begin in the first column and have a parameter list ----
/^(typedef|struct [a-z_]+ \{|enum|union|#|\}|\{)/ { next }
/^[a-z][a-z0-9_ ]*[ *][a-z0-9_]+\(/ {
	name = $0
	if (name ~ /^static inline __attribute__/)
		sub(/^static inline __attribute__\(\([a-z_]*\)\) /, "", name)
	sub(/\(.*/, "", name)
	sub(/.*[ *]/, "", name)
	if (!comment && name != "__attribute__")
		open_[name] = FILENAME
}

END {
	for (name in open_)
		if (!(name in described))
			print open_[name], name
}
