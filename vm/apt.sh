# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Packages of any Debian release, by an apt that has a place of its own in the
# cache: the host's lists and packages stay as they are, and root is not needed.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The host's own mirror of an archive, whichever way its sources are written.
mirror() {
	find /etc/apt/sources.list* -name '*.list' -o -name '*.sources' |
	sort | xargs cat |
	sed -n '/^ *\(#\|deb-src\)/d; s/^\(URIs:\|deb\) .*\(https\?:[^ ]*\).*/\2/p' |
	sed 's,/*$,,' | grep "/$1\$" | head -n 1
}

# sources SUITE...
sources() {
	local suite archive uri

	for suite; do
		archive=debian
		[[ $suite != *-security ]] || archive=debian-security
		uri=$(mirror $archive) ||
			die "no mirror of $archive in /etc/apt: add one to your sources"
		echo "deb $uri $suite main"
	done
}

# use_apt ARCH SUITE...: what apt knows from here on. A package is for amd64,
# and for ARCH when it is named PACKAGE:ARCH.
use_apt() {
	local root

	root=$cache/apt/$(echo "$@" | tr ' ' -)
	mkdir -p "$root"/{lists,cache}/partial
	: > "$root/status"
	sources "${@:2}" > "$root/sources.list"
	cat > "$root/apt.conf" <<-CONF
	#clear APT::Update;
	#clear APT::Architectures;
	#clear DPkg;
	APT::Update::Error-Mode "any";
	APT::Architecture "amd64";
	APT::Architectures { "amd64"; "$1"; };
	APT::Sandbox::User "root";
	Acquire::Languages "none";
	Acquire::Retries "3";
	Dir::State "$root";
	Dir::State::status "$root/status";
	Dir::State::lists "$root/lists";
	Dir::Cache "$root/cache";
	Dir::Etc::SourceList "$root/sources.list";
	Dir::Etc::SourceParts "-";
	CONF
	export APT_CONFIG=$root/apt.conf
	apt-get -qq update >&2 ||
		die "cannot reach a mirror: check the network and run this again"
}

# Unpack and remove the packages that lie here. None of their scripts is run.
unpack() {
	local deb

	for deb in ./*.deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x --exclude='./lib/modules/*' --exclude='*/dtb' \
				--exclude='./usr/share/doc'
		rm "$deb"
	done
}

# download PACKAGE...: unpack them below ./
download() {
	apt-get -qq download "$@" >&2 ||
		die "cannot download $*: check the network and run this again"
	unpack
}

# download_closure PACKAGE...: the same with all that they depend on
download_closure() {
	apt-get -qq -y --no-install-recommends --download-only \
		-o Dir::Cache::archives="$PWD" install "$@" >&2 ||
		die "cannot download $*: check the network and run this again"
	unpack
	rm -rf partial lock
}

# fetch DIRECTORY COMMAND...: fill it in by the command, in full or not at all.
fetch() (
	[ ! -d "$1" ] || exit 0
	echo "fetching ${1#"$cache/"}" >&2
	rm -rf "$1.new"
	mkdir -p "$1.new"
	cd "$1.new" || exit
	"${@:2}"
	mv "$1.new" "$1"
)
