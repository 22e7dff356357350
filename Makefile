# SPDX-License-Identifier: GPL-2.0-only

KDIR ?= /lib/modules/$(shell uname -r)/build
KERNEL ?= 6.1
REV ?= HEAD

# fkill.ko for the kernel whose headers lie in KDIR (the running one's)
module:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

# libfkill.a, libfkill.so.0, the commands fkill and killbelow, in userlib/
userlib:
	$(MAKE) -C userlib

# library, commands, manual, completion; DESTDIR, PREFIX as usual
install:
	$(MAKE) -C userlib install

# take that away
uninstall:
	$(MAKE) -C userlib uninstall

# fkill.ko for the kernel of KDIR
modules_install: module
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) \
		modules_install

# fkill.ko for the kernels of this machine, also those to come
dkms:
	$(MAKE) -C userlib dkms

# take that away
dkms-remove:
	$(MAKE) -C userlib dkms-remove

# Debian packages of all of it, in userlib/packages
deb:
	$(MAKE) -C userlib deb

# lint, unit checks, and all selftests in a virtual machine, on KERNEL
check:
	selftests/check $(KERNEL)

# the same on all kernels (vm/kernel --list), with a table in the end
check-matrix:
	selftests/check $$(vm/kernel --list)

# the same on kernels that check themselves, and what the tests do not reach
check-debug:
	selftests/check 6.1-debug 6.1-kcsan 6.1-cfi-arm64

# a fork bomb and its kin against all ways to kill, in a virtual machine
demo:
	vm/setup
	vm/run --run demo

# what the calls cost: selftests/bench/RESULTS.md
bench:
	selftests/bench/run

# what has become slower or faster in the module since REV
bench-compare:
	selftests/bench/run compare $(REV)

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
	/^[a-z_-]+:/ { sub(/:.*/, ""); printf "%-16s%s\n", $$1, text }' \
		Makefile

.PHONY: module userlib install uninstall modules_install dkms dkms-remove deb
.PHONY: check check-matrix check-debug demo bench bench-compare shell clean help
