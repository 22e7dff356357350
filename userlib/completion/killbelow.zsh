#compdef killbelow
# SPDX-License-Identifier: LGPL-2.1-or-later

_killbelow() {
	local -a signal time top commands

	signal=('(-s --signal)'{-s+,--signal=}'[signal to send]:signal:_signals')
	time=('(-t --time)'{-t+,--time=}'[how long]:time')
	top=('(-i --include-top)'{-i,--include-top}'[the process itself, too]')
	commands=(
		'run:run a command that leaves nobody behind'
		'kill:signal everything below a process'
		'user:signal all processes of a user'
		'list:show what is below a process'
		'owner:show whose a process is'
	)

	if ((CURRENT == 2)); then
		_describe -t commands command commands
		return
	fi
	shift words
	((CURRENT--))
	case $words[1] in
	run)
		_arguments -S $signal $time \
			'(-k --kill-after)'{-k+,--kill-after=}'[SIGKILL so much later]:time' \
			'(-)1:command: _command_names -e' '*::argument:_normal';;
	kill)	_arguments -S $signal $time $top '1:process:_pids';;
	user)	_arguments -S $signal $time '1:user:_users';;
	list)	_arguments -S $top '--plain[a line for each]' '1:process:_pids';;
	owner)	_arguments -S '1:process:_pids';;
	esac
}

_killbelow "$@"
