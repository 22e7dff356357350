# SPDX-License-Identifier: GPL-2.0-only

KDIR ?= /lib/modules/$(shell uname -r)/build
KERNEL ?= 6.1

# fkill.ko for the kernel whose headers lie in KDIR (the running one's)
module:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

# libfkill.a, libfkill.so.0 and the command killbelow, in userlib/
userlib:
	$(MAKE) -C userlib

# lint, unit checks, and all selftests in a virtual machine, on KERNEL
check:
	selftests/check $(KERNEL)

# the same on all kernels (vm/kernel --list), with a table in the end
check-matrix:
	selftests/check $$(vm/kernel --list)

# a fork bomb and its kin against all ways to kill, in a virtual machine
demo:
	vm/setup
	vm/run --run demo

# what the calls cost, in virtual time
bench:
	vm/setup
	vm/run --timeout 900 --icount --run bench --virtual-time

# a shell in a virtual machine that has the module loaded
shell:
	vm/setup
	vm/run --shell

# remove what was built here; the cache of kernels stays
clean:
	$(MAKE) -C userlib clean
	$(MAKE) -C selftests clean
	[ ! -d $(KDIR) ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean

# this list
help:
	@awk '/^# / { text = substr($$0, 3) } \
	/^[a-z-]+:/ { printf "%-14s%s\n", $$1, text }' Makefile

.PHONY: module userlib check check-matrix demo bench shell clean help
