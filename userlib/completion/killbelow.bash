# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What may follow "killbelow" on a command line.

_killbelow_words() {
	mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur")
	[[ ${COMPREPLY-} != *= ]] || compopt -o nospace
}

_killbelow_options() {
	case $1 in
	run)	echo --signal= --time= --kill-after=;;
	kill)	echo --signal= --time= --include-top;;
	user)	echo --signal= --time=;;
	list)	echo --plain --include-top;;
	esac
	echo --help --version
}

# The number of the word that is the command of "run", if there is one yet.
_killbelow_command() {
	local i

	[[ ${words[1]} == run ]] || return
	for ((i = 2; i < cword; i++)); do
		case ${words[i]} in
		--)		echo $((i + 1)); return;;
		-[stk]|--signal|--time|--kill-after)
				((i++));;
		-*)		;;
		*)		echo "$i"; return;;
		esac
	done
	[[ $cur == -* ]] || echo "$cword"
}

_killbelow() {
	# shellcheck disable=SC2034 # what _init_completion fills in
	local cur prev words cword split command

	_init_completion -s || return
	command=$(_killbelow_command)
	case $cword,$prev,${words[1]} in
	1,*)	_killbelow_words run kill user list owner --help --version;;
	*,-s,*|*,--signal,*)
		_killbelow_words "$(compgen -A signal SIG | sed 's/^SIG//')";;
	*,-[tk],*|*,--time,*|*,--kill-after,*)
		;;
	*)
		if [[ $command ]]; then
			_command_offset "$command"
		elif [[ $cur == -* ]]; then
			_killbelow_words "$(_killbelow_options "${words[1]}")"
		elif [[ ${words[1]} == user ]]; then
			mapfile -t COMPREPLY < <(compgen -u -- "$cur")
		else
			_pids
		fi;;
	esac
} && complete -F _killbelow killbelow
