# SPDX-License-Identifier: LGPL-2.1-or-later
# Install and uninstall, from one list; and packages.

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
# udev and systemd look below /usr/local, too.
UDEVDIR ?= $(PREFIX)/lib/udev/rules.d
LOADDIR ?= $(PREFIX)/lib/modules-load.d
SRCDIR ?= /usr/src/fkill-$(VERSION)

SONAME := libfkill.so.0
PAGES := $(wildcard man/*.[1-9])
page_place = $(MANDIR)/man$(subst .,,$(suffix $(1)))/$(notdir $(1))
SOURCES := Kbuild LICENSE $(patsubst ../%,%,$(wildcard ../module/*.[ch])) \
	uapi/linux/fkill.h

# mode, file and place of each; or what a link says, and its place
define FILES
755 fkill $(BINDIR)/fkill
755 killbelow $(BINDIR)/killbelow
644 $(SONAME) $(LIBDIR)/$(SONAME).$(VERSION)
link $(SONAME).$(VERSION) $(LIBDIR)/$(SONAME)
link $(SONAME) $(LIBDIR)/libfkill.so
644 libfkill.a $(LIBDIR)/libfkill.a
644 libfkill.pc $(LIBDIR)/pkgconfig/libfkill.pc
644 fkill.h $(INCLUDEDIR)/fkill.h
644 ../uapi/linux/fkill.h $(INCLUDEDIR)/linux/fkill.h
$(foreach page,$(PAGES),644 $(page) $(call page_place,$(page))
)
link killbelow.3 $(MANDIR)/man3/fkillbelow.3
link fkill_own.3 $(MANDIR)/man3/fkill_disown.3
644 completion/fkill.bash $(BASHDIR)/fkill
644 completion/killbelow.bash $(BASHDIR)/killbelow
644 completion/fkill.zsh $(ZSHDIR)/_fkill
644 completion/killbelow.zsh $(ZSHDIR)/_killbelow
644 60-fkill.rules $(UDEVDIR)/60-fkill.rules
644 modules-load.conf $(LOADDIR)/fkill.conf
endef

define DKMS_FILES
644 dkms.conf $(SRCDIR)/dkms.conf
$(foreach source,$(SOURCES),644 ../$(source) $(SRCDIR)/$(source)
)
endef

export FILES DKMS_FILES

# do_install LIST, do_uninstall LIST: the names of one of these
do_install = printf '%s\n' "$$$(1)" | while read -r how what where; do \
	case $$how in \
	'') ;; \
	link) ln -sf "$$what" "$(DESTDIR)$$where" ;; \
	*) install -D -m "$$how" "$$what" "$(DESTDIR)$$where" ;; \
	esac || exit; done
do_uninstall = printf '%s\n' "$$$(1)" | while read -r how what where; do \
	[ -z "$$where" ] || rm -f "$(DESTDIR)$$where" || exit; done

# Always anew: what is told here may come from the command line.
libfkill.pc: libfkill.pc.in FORCE
	sed -e 's,@LIBDIR@,$(LIBDIR),' -e 's,@INCLUDEDIR@,$(INCLUDEDIR),' \
		-e 's,@VERSION@,$(VERSION),' $< > $@

dkms.conf: ../module/dkms.conf.in FORCE
	sed 's,@VERSION@,$(VERSION),' $< > $@

install: all libfkill.pc
	$(call do_install,FILES)

uninstall:
	$(call do_uninstall,FILES)

# The sources where DKMS wants them; and what it makes of them.
dkms-sources: dkms.conf
	$(call do_install,DKMS_FILES)

dkms: dkms-sources
	dkms install fkill/$(VERSION)

dkms-remove:
	dkms remove fkill/$(VERSION) --all
	$(call do_uninstall,DKMS_FILES)
	cd $(DESTDIR)$(SRCDIR) && rmdir module uapi/linux uapi && \
		rmdir $(DESTDIR)$(SRCDIR) || :

deb:
	./make-deb $(VERSION)

FORCE:

.PHONY: install uninstall dkms dkms-sources dkms-remove deb FORCE
