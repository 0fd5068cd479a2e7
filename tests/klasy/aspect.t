#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# aspect.t - klasy reads the aspects that were published as they stand, and answers an error with its place.

set -u
# shellcheck source=tests/klasy/lib.sh
. "${0%/*}/lib.sh"
gcc -O2 -g -fno-pie -no-pie -nostdlib -static -Wl,--build-id -o "$T/truth" tests/klasy/truth.c || exit 1

# match STATUS [OPTION...]: klasy match of the aspect on standard input ends so; its words are in $T/out and $T/err
match() {
	want=$1
	shift
	cat >"$T/a.aspect"
	(cd "$T" && "$klasy" match -q "$@" -o truth a.aspect) >"$T/out" 2>"$T/err"
	rc=$?
	[ $rc = "$want" ] || { echo "# status $rc: $(cat "$T/err")"; return 1; }
}

# refused NAME TEXT: the aspect on standard input ends with status 1, one line, and TEXT in it
refused() {
	match 1 && [ "$(wc -l <"$T/err")" = 1 ] && grep -qF -- "$2" "$T/err"
	rc=$?
	[ $rc = 0 ] || sed 's/^/# /' "$T/err"
	ok $rc "$1"
}

# selected NAME N POINTCUT: so many instructions
selected() {
	s=0
	[ "$2" = 0 ] && s=3
	echo "<aspect><advice><pointcut>$3</pointcut><before>print(1);</before></advice></aspect>" | match $s &&
		grep -q "^$2 instructions:" "$T/out"
	rc=$?
	[ $rc = 0 ] || sed 's/^/# /' "$T/out" "$T/err"
	ok $rc "$1"
}

# The form of the first published aspect: bare & and < in the body, AND, target.
match 0 <<'END'
<aspect>
  <import>linux/time.h</import>
  <advice>
    <pointcut> access(outer.first) AND within_function(read_member) AND target(value) </pointcut>
    <before>
      struct outer *o = value;
      struct timeval tv;
      do_gettimeofday(&tv);
      if (o->first < 3 && o) print(o->first, tv.tv_sec);
    </before>
  </advice>
</aspect>
END
ok $? 'an aspect in the form of the first published one'

# The form of the second: several words on one line, %, $pc$.
match 0 <<'END'
<aspect><advice>
  <pointcut> access(outer.%) AND target(arg0) </pointcut>
  <before>
    struct outer *o = arg0;
    if (o->first != 1) { STORE_DATA($pc$); STORE_DATA(o); DO_RDTSC(timestamp); }
  </before>
</advice></aspect>
END
ok $? 'an aspect in the form of the second'

match 0 <<'END'
<!-- what it is for -->
<aspect name="two">
<advice><!-- first --><pointcut>set(inner.next) OR get(inner.next)</pointcut><after>a</after></advice>
<advice><pointcut>( access ( struct inner . b ) )</pointcut><before>b</before><after>c</after></advice>
</aspect>
END
ok $? 'a name, comments, two advices, before and after, space everywhere'

selected 'read and write'			7 'access(outer.first) AND NOT within_function(merged) AND NOT within_function(chosen)'
selected 'get'					2 'get(outer.first) AND (within_function(add_member) OR within_function(read_member))'
selected 'set'					5 'set(outer.first)'
selected 'OR'					2 'access(outer.link) AND (within_function(through_two) OR within_function(through_three))'
selected 'NOT'					2 'access(outer.link) AND NOT within_function(through_two) AND NOT (within_function(give) OR within_function(or_null))'
selected 'within_function goes by the inlined'	2 'access(outer.number) AND within_function(inlined)'
selected 'within_file'				1 'access(decoy.number) AND within_file(truth.c) AND get(decoy.%)'
selected 'within_file of another name'		0 'access(decoy.number) AND within_file(ruth.c)'
grep -q "a.aspect:1:52: there is no instruction of a file 'ruth.c'; near it: truth.c" "$T/err"
ok $? '... and it is told, with near names' "$(cat "$T/err")"
selected 'execution'				1 'execution(loop)'

refused 'no aspect' "a.aspect:1:1: expected <aspect>, found 'x'" <<'END'
x
END
refused 'an empty file' 'expected <aspect>, found the end of the file' </dev/null
refused 'a body without an end' 'a.aspect:3:1: expected </before> for this <before>' <<'END'
<aspect><advice>
<pointcut>access(outer.first)</pointcut>
<before> a < b </befor>
</advice></aspect>
END
refused 'an unknown designator' "a.aspect:1:27: expected access, get, set, execution" <<'END'
<aspect><advice><pointcut>acess(outer.first)</pointcut><before>a</before></advice></aspect>
END
refused 'an unknown struct, near names' "the kernel has no struct 'outr'; near it: outer" <<'END'
<aspect><advice><pointcut>access(outr.first)</pointcut><before>a</before></advice></aspect>
END
refused 'an unknown member, near names' "named 'frist'; near it: first" <<'END'
<aspect><advice><pointcut>access(outer.frist)</pointcut><before>a</before></advice></aspect>
END
refused 'an unknown function, near names' "no function 'read_membre'; near it: read_member" <<'END'
<aspect><advice><pointcut>access(outer.first) AND within_function(read_membre)</pointcut><before>a</before></advice></aspect>
END
refused 'an unknown function, the names that it is a part of' "no function 'three'; near it: through_three" <<'END'
<aspect><advice><pointcut>execution(three)</pointcut><before>a</before></advice></aspect>
END
refused 'a pointcut that selects nothing' 'expected access, get, set, execution or event in every branch' <<'END'
<aspect><advice><pointcut>within_function(loop)</pointcut><before>a</before></advice></aspect>
END
refused 'a name that is bound in one branch only' 'expected target outside of OR and NOT' <<'END'
<aspect><advice><pointcut>access(outer.first) OR (access(inner.b) AND target(x))</pointcut><before>a</before></advice></aspect>
END
refused 'a parenthesis that is not closed' "expected ')' for the '(' before, found '</pointcut>'" <<'END'
<aspect><advice><pointcut>(access(outer.first)</pointcut><before>a</before></advice></aspect>
END
refused 'an import that is no header' 'expected the name of one header' <<'END'
<aspect><import>linux/fs.h"
#error</import><advice><pointcut>access(outer.first)</pointcut><before>a</before></advice></aspect>
END
refused 'an advice without a body' 'expected <before> or <after> in this advice' <<'END'
<aspect><advice><pointcut>access(outer.first)</pointcut></advice></aspect>
END
refused 'words behind the end' "expected the end of the file after </aspect>, found '<aspect>'" <<'END'
<aspect><advice><pointcut>access(outer.first)</pointcut><before>a</before></advice></aspect><aspect>
END
{ printf '<aspect><advice><pointcut>'; yes '(' | head -n 5000 | tr -d '\n'; } >"$T/deep"
refused 'five thousand parentheses' 'expected at most 99 parentheses' <"$T/deep"
{ printf '<aspect><advice><pointcut>'; yes 'access(outer.first) AND' | head -n 20000; } >"$T/long"
refused 'twenty thousand designators' 'expected at most 1000 designators' <"$T/long"
head -c 2000000 /dev/zero | tr '\0' ' ' >"$T/big"
refused 'two megabytes' 'longer than 1048576 bytes' <"$T/big"
refused 'a name without end' 'expected the tag of a struct of at most 511 characters, found 100000' <<END
<aspect><advice>
<pointcut>access($(head -c 100000 /dev/zero | tr '\0' s).first)</pointcut><before>a</before></advice></aspect>
END
printf '<aspect>\n  \000</aspect>' >"$T/nul"
refused 'a byte of zero' 'a.aspect:2:3: expected text, found a byte of zero' <"$T/nul"

# code NAME TEXT BODY: a body that does not end what it begins; TEXT: line, column and what was expected
code() {
	refused "$1" "$2" <<-END
		<aspect><advice><pointcut>access(outer.first)</pointcut>
		<before>$3</before></advice></aspect>
	END
}
code 'a parenthesis in a body'	"a.aspect:2:14: expected ')' for this, found the end of the body"	'print(first;'
code 'a brace of no block'	"a.aspect:2:9: expected what this '}' closes before it"		'} void more(void) {'
code 'brackets that cross'	"a.aspect:2:12: expected ']' for what is open since line 2, column 10, found ')'" 'a[1)'
code 'a comment in a body'	"a.aspect:2:11: expected '*/' at the end of this comment"	'a /* }'
code 'a text in a body'		'a.aspect:2:9: expected " at the end of this text, on the same line'	'"}\"'
match 0 <<'END'
<aspect><advice><pointcut>access(outer.first)</pointcut><before>
char c[] = "/* { \" \\"; /* ( " */ c[0] = '{', d = '\'', e = '\\'; // it's {
</before><after>
#ifdef A
	if (a) {
#else
	if (b) {
#endif
	print(1); }
</after></advice></aspect>
END
ok $? 'what is in texts and comments opens nothing, nor does code with lines for the preprocessor' "$(cat "$T/err")"

head -c 4096 /dev/urandom >"$T/noise"
refused 'noise' 'expected <aspect>' <"$T/noise"

echo '<aspect><advice><pointcut>execution(loop)</pointcut><before>a</before></advice></aspect>' >"$T/a.aspect"
(cd "$T" && "$klasy" match -o a.aspect a.aspect) >"$T/out" 2>"$T/err"
[ $? = 1 ] && grep -q 'not an ELF file' "$T/err"
ok $? 'a file that is no object'
for i in "$T"/cache/*.index; do
	head -c 5000 "$i" >"$T/cut" && cat "$T/cut" >"$i"
done
selected 'a damaged index is made anew' 1 'execution(loop)'
# Events are no instructions, and are told.
echo '<aspect><advice><pointcut>(event(LKST_MARK) OR event(PROCESS_EXIT)) AND NOT event(LKST_MARK)</pointcut>
<before>print(1);</before></advice></aspect>' | match 0 --json && [ "$(cat "$T/out")" = \
	'{"advice":1,"class":"EVENT","event":"PROCESS_EXIT"}' ]
ok $? 'an event is listed, one that is excluded is not' "$(cat "$T/out" "$T/err")"
refused 'an event that the tracer does not have' "a.aspect:1:36: the tracer has no event 'LKST_MARX'" <<'END'
<aspect><advice><pointcut>         event(LKST_MARX)</pointcut><before>print(1);</before></advice></aspect>
END
done_testing
