# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts share. The cache can be removed at any time.

toolchain=$(realpath "${BASH_SOURCE[0]%/*}/toolchain")
# shellcheck disable=SC2034 # for those who read this
cache=${FKILL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fkill}

die() {
	echo "${0##*/}: $*" >&2
	exit 2
}

# build_sources OF: all that something is built from, in order
build_sources() (
	cd "$1" && find Kbuild Makefile module uapi userlib selftests vm \
		-type f ! -name '*.mod.c' \( -name '*.[chS]' -o -name '*.map' \
		-o -name '*.mk' -o -name 'M*file' -o -name Kbuild \) | sort
)

# copy_sources FROM TO: what is built leaves nothing where the sources are,
# and what was built there is left behind.
copy_sources() {
	(cd "$1" && build_sources . | cpio --quiet -pdmu "$2") &&
		(cd "${2:?}" && comm -13 <(build_sources "$1") \
			<(build_sources .) | xargs -r rm)
}

# cross KDIR: what the tools for its architecture are called by
cross() {
	! grep -qsx CONFIG_ARM64=y "$1/.config" || echo aarch64-linux-gnu-
}

# llvm KDIR: the tools of a kernel that was built by clang, as make is told
llvm() {
	sed -n 's/^CONFIG_CLANG_VERSION=\([1-9][0-9]\)[0-9]\{4\}$/LLVM=-\1/p' \
		"$1/.config"
}

# build_module KDIR ARG...: here, by the compiler that the headers name or a
# newer one.
build_module() {
	local cross cc wanted version llvm run=()

	cross=$(cross "$1")
	wanted=$(grep -so 'gcc-[0-9]*$' "$1/.kernelvariables" || echo gcc)
	cc=$cross$wanted
	if ! command -v "$cc" >/dev/null; then
		version=$("${cross}gcc" -dumpversion)
		if [ "${version%%.*}" -ge "${wanted#gcc-}" ]; then
			cc=${cross}gcc
		else
			run=("$toolchain")
		fi
	fi
	llvm=$(llvm "$1")
	"${run[@]}" make -s -j"$(nproc)" KDIR="$1" "${llvm:-CC=$cc}" \
		${cross:+ARCH=arm64 CROSS_COMPILE="$cross"} \
		CONFIG_DEBUG_INFO_BTF_MODULES= "${@:2}" module
}
