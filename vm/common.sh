# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts share. The cache can be removed at any time.

# shellcheck disable=SC2034 # for those who read this
cache=${FKILL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fkill}

die() {
	echo "${0##*/}: $*" >&2
	exit 2
}

# copy_sources FROM TO: what is built leaves nothing where the sources are,
# and what was built there is left behind.
copy_sources() (
	cd "$1" || exit
	find Kbuild Makefile module uapi userlib selftests vm -type f \
		\( -name '*.[chS]' -o -name '*.map' -o -name 'M*file' \
		-o -name Kbuild \) |
		cpio --quiet -pdmu "$2"
)

# build_module KDIR ARG...: here, by the compiler that the headers name if it
# is there, else by any.
build_module() {
	local cc

	cc=$(grep -so 'gcc-[0-9]*$' "$1/.kernelvariables" || echo gcc)
	command -v "$cc" >/dev/null || cc=gcc
	make -s -j"$(nproc)" KDIR="$1" CC="$cc" \
		CONFIG_DEBUG_INFO_BTF_MODULES= "${@:2}" module
}
