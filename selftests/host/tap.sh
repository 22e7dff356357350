# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Checks by shell scripts: what fails shows what it said.

set -uo pipefail
passed=0
failed=0
skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check NAME COMMAND...
check() {
	local name=$1 said

	shift
	if said=$("$@" 2>&1); then
		echo "ok - $name"
		passed=$((passed + 1))
	else
		[ -z "$said" ] || printf '# %s\n' "${said//$'\n'/$'\n# '}"
		echo "not ok - $name"
		failed=$((failed + 1))
	fi
}

# skip NAME REASON
skip() {
	echo "ok - $1 # SKIP $2"
	skipped=$((skipped + 1))
}

# Succeeds when a command succeeds and has nothing to say.
silent() {
	local said

	said=$("$@" 2>&1) && [ -z "$said" ] && return
	echo "$said"
	return 1
}

# Succeeds when a search went well and found nothing.
nothing() {
	local said

	said=$("$@" 2>&1)
	[ $? -le 1 ] && [ -z "$said" ] && return
	echo "$said"
	return 1
}

finish() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ $failed = 0 ] && [ $passed -gt 0 ]
	exit
}
