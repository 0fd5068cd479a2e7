# SPDX-License-Identifier: GPL-2.0-only
# Builds the user-space side, the kernel module for one kernel, and runs the checks. Everything it makes is in build/.
#
#	make			the commands, for this machine (static, musl)
#	make module		the kernel module, for one kernel of ci/kernels (KERNEL=6.1)
#	make klasy		the aspect compiler
#	make demo		record, analyse and draw on a stock kernel in QEMU
#	make docs		the documents that are generated
#	make install		commands, manual pages, headers; install-module: the module; uninstall
#	make rpm		packages, in rpms/; rpm-module, rpm-kernel TREE=..., srpm, dist
#	make check		unit tests and the guest suite
#	make check-unit		unit tests; check-unit-asan: under the sanitizers
#	make check-cli		messages and installing; check-docs: manual pages, help, completion
#	make check-guest	the guest suite on 6.1; check-kernels: on the other stock kernels
#	make check-legacy	2.6.9 and 2.4.37.11 with the series, in QEMU; FAMILY=2.4: that one only
#	make check-series	the series without a boot; check-bisect, check-option-off: FAMILY as above
#	make check-packages	packages installed, used and removed in guests
#	make check-klasy	the aspect compiler; check-report: the page of 'lkst report'
#	make case-skbuff	where packets wait on their way in: an aspect, a table, a graph
#	make torture		for nights: aspects woven and unwoven 100 times on four CPUs
#	make fuzz		for nights: traces, aspects, masksets and instructions that are made up
#	make check-ring		the buffer's own tests; check-record-path: its object code
#	make check-mutants	breaks the code on purpose: each test must see it
#	make bench		what recording costs; bench-overhead: whole loads; gate: against ci's baselines
#	make matrix		boots, packages and gate over a list of kernels: one page (ci/matrix --help)
#	make keep-matrix	keeps what that found, for README's table of kernels: then make docs
#	make clean		removes build/ and demo/
#	make help		this list
#	make V=1 ...		shows the commands

SHELL	= /bin/sh
V	?= 0
Q	= $(if $(filter 0,$(V)),@)
say	= $(if $(filter 0,$(V)),@printf '  %-8s %s\n' '$(1)' '$(patsubst $(B)/%,%,$(2))')

B	?= build
VERSION	:= 0.1.0
KERNEL	?= 6.1

WARN	:= -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes -Wvla
CFLAGS	?= -O2 -g
# include/ is shared with kernels; the rest of user space is C11 with GNU extensions.
ALL_CFLAGS = $(CFLAGS) $(WARN) -std=gnu11 -Iinclude -Ilkstutils/lib -I$(B)/gen \
	     -DLKST_VERSION='"$(VERSION)"' -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64

COMMANDS := lkst lkstm lkstbuf lksteh lkstlogd lkstla
LIB	:= $(patsubst lkstutils/lib/%.c,%.o,$(sort $(wildcard lkstutils/lib/*.c)))
LKSTCMD	:= $(patsubst lkstutils/lkst/%.c,lkst-%.o,$(sort $(wildcard lkstutils/lkst/*.c)))
ANALYSE	:= $(patsubst lkstutils/analyse/%.c,analyse-%.o,$(sort $(wildcard lkstutils/analyse/*.c)))

.PHONY: all
all: user

# System call names come from the kernel's headers on the building machine.
$(B)/gen/lkst-syscalls-%.h: lkstutils/lib/syscalls.sh
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)lkstutils/lib/syscalls.sh $* >$@.new && mv $@.new $@

# ---- user space: one set of rules for each way of building ----
# $(1): folder, $(2): compiler
define user_rules
$(B)/$(1)/lib-%.o: lkstutils/lib/%.c
	$$(call say,CC,$$@)
	@mkdir -p $$(@D)
	$$(Q)$(2) $$(ALL_CFLAGS) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/analyse-%.o: lkstutils/analyse/%.c
	$$(call say,CC,$$@)
	@mkdir -p $$(@D)
	$$(Q)$(2) $$(ALL_CFLAGS) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/lkst-%.o: lkstutils/lkst/%.c
	$$(call say,CC,$$@)
	@mkdir -p $$(@D)
	$$(Q)$(2) $$(ALL_CFLAGS) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/lib-syscalls.o: $(B)/gen/lkst-syscalls-32.h $(B)/gen/lkst-syscalls-64.h
$(B)/$(1)/cmd-%.o: lkstutils/%.c
	$$(call say,CC,$$@)
	@mkdir -p $$(@D)
	$$(Q)$(2) $$(ALL_CFLAGS) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/liblkst.a: $(addprefix $(B)/$(1)/lib-,$(LIB))
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
$(B)/$(1)/lkstla: $(B)/$(1)/cmd-lkstla.o $(addprefix $(B)/$(1)/,$(ANALYSE)) $(B)/$(1)/liblkst.a
	$$(call say,LD,$$@)
	$$(Q)$(2) $$(CFLAGS) $$(LDFLAGS) $(3) -o $$@ $$^ -lm -lpthread
$(B)/$(1)/lkst-report.o: lkstutils/lkst/report.html
$(B)/$(1)/lkst: $(B)/$(1)/cmd-lkst.o $(addprefix $(B)/$(1)/,$(LKSTCMD) $(ANALYSE)) $(B)/$(1)/liblkst.a
	$$(call say,LD,$$@)
	$$(Q)$(2) $$(CFLAGS) $$(LDFLAGS) $(3) -o $$@ $$^ -lm
$(B)/$(1)/%: $(B)/$(1)/cmd-%.o $(B)/$(1)/liblkst.a
	$$(call say,LD,$$@)
	$$(Q)$(2) $$(CFLAGS) $$(LDFLAGS) $(3) -o $$@ $$^ -lm
.PHONY: user-$(1)
user-$(1): $(addprefix $(B)/$(1)/,$(COMMANDS))
.SECONDARY: $(addprefix $(B)/$(1)/cmd-,$(addsuffix .o,$(COMMANDS)))
-include $(wildcard $(B)/$(1)/*.d)
endef

# Looked for once, when it is needed: the shell's "not found" would not say which package has it.
MUSL_GCC = $(eval MUSL_GCC := $$(if $$(shell command -v musl-gcc),musl-gcc,$$(error building needs musl-gcc: \
	   'ci/deps build' installs it, or as root: apt-get install $$(shell ci/deps --list build))))$(MUSL_GCC)
$(eval $(call user_rules,x86_64,$$(MUSL_GCC),-static))
$(eval $(call user_rules,i386,ci/musl-gcc-i386,-static))
# For the unit tests and sanitizers only: the machine's own libc.
$(eval $(call user_rules,host,gcc,))

.PHONY: user
user: user-x86_64

# ---- the kernel module, for one kernel of ci/kernels ----
.PHONY: module
module:
	$(call say,KMOD,$(KERNEL))
	$(Q)ci/build-kmod $(KERNEL) $(B)/kmod-$(KERNEL)

.PHONY: demo
demo:
	$(Q)ci/demo $(KERNEL)

.PHONY: help
help:
	$(Q)sed -n 's/^#\t\(make.*\)/\1/p' Makefile

.PHONY: clean
clean:
	$(Q)rm -rf $(B) demo

# Each further area brings its own targets.
-include $(sort $(wildcard patches/Makefile.inc klasy/Makefile.inc tests/Makefile.inc doc/Makefile.inc ci/Makefile.inc spec/Makefile.inc))
