# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What may follow "fkill" on a command line.

_fkill_words() {
	mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur")
	[[ ${COMPREPLY-} != *= ]] || compopt -o nospace
}

_fkill() {
	# shellcheck disable=SC2034 # what _init_completion fills in
	local cur prev words cword split

	_init_completion -s || return
	case $prev in
	-[sl]|--signal|--list)
		_fkill_words "$(fkill -l | cut -d ' ' -f 2)";;
	-w|--wait|--started-before|--cmdline)
		;;
	--exe)	_filedir;;
	--cgroup)
		_filedir -d;;
	--user)	mapfile -t COMPREPLY < <(compgen -u -- "$cur");;
	--comm)	_pnames;;
	*)
		if [[ $cur == -* ]]; then
			_fkill_words "$(_parse_help fkill)"
		else
			_pids
		fi;;
	esac
} && complete -F _fkill fkill
