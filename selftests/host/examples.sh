# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The examples of manual pages, as programs.

# examples PAGE FOLDER: what its section EXAMPLES shows becomes FOLDER/N.c or,
# if it is no C, FOLDER/N.sh
examples() {
	mkdir -p "$2"
	awk -v folder="$2" '
		/^\.Sh / { wanted = /EXAMPLES/ }
		/^\.Ed/ { inside = 0 }
		inside && !file {
			file = folder "/" ++n (/^#include/ ? ".c" : ".sh")
		}
		inside {
			gsub(/\\e/, "\\")
			print > file
		}
		/^\.Bd -literal/ { inside = wanted; file = "" }' "$1"
}
