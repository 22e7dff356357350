#compdef fkill
# SPDX-License-Identifier: LGPL-2.1-or-later

_arguments -s -S \
	'(-s --signal)'{-s+,--signal=}'[signal to send]:signal:_signals' \
	'(-w --wait)'{-w+,--wait=}'[wait until they have ended]:time' \
	'(-n --dry-run)'{-n,--dry-run}'[say what would be done]' \
	'(- *)'{-l,--list}'[names of signals and their numbers]' \
	'--exe=[it runs this file]:file:_files' \
	'--comm=[its name is this]:name:_process_names -a' \
	'--user=[its effective user is this]:user:_users' \
	'--cgroup=[it is in this cgroup]:cgroup:_files -W /sys/fs/cgroup -/' \
	'--started-before=[it started before]:time' \
	'--cmdline=[its arguments match]:regular expression' \
	'(- *)'{-h,--help}'[help]' \
	'(- *)--version[version]' \
	'*:process:_pids'
