# SPDX-License-Identifier: GPL-2.0-only
# In the place of a module's Makefile, 2.4: the versions of what kernel/ksyms.c exports, to ksyms.ver in this folder,
# with the headers in $(CHANGED) before the kernel's.
include $(TOPDIR)/.config
# As 'make dep' has it: not what a module is compiled with.
FLAGS := $(filter-out -DMODULE -DMODVERSIONS,$(subst -include $(HPATH)/linux/modversions.h,,$(CFLAGS)))
modules:
	$(CC) -I$(CHANGED) $(FLAGS) -E -D__GENKSYMS__ $(TOPDIR)/kernel/ksyms.c | \
		$(GENKSYMS) $(if $(CONFIG_SMP),-p smp_) -k 2.4 >ksyms.ver
