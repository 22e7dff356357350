# SPDX-License-Identifier: GPL-2.0-only
# Lines of results for people.

def left($n): . + " " * ($n - length);
def right($n): tostring | " " * ($n - length) + .;
def fixed($digits):
	pow(10; $digits) as $p | (. * $p | round) as $n
	| ($n / $p | floor | tostring) as $whole
	| ($n % $p | tostring) as $rest
	| if $digits == 0 then $whole
	  else $whole + "." + "0" * ($digits - ($rest | length)) + $rest end;

def time:
	if . < 1e5 then (. / 1e3 | fixed(2)) + " us"
	else (. / 1e6 | fixed(2)) + " ms" end;

def goal: if . > 0 then "<= " + fixed(2) else "" end;

# Trees and locks are told by how many there are.
def subject: .work + if .size > 0 then " " + (.size | tostring) else "" end;

def ratio_line:
	[ (subject + ", " + .figure | left(36)),
	  (.ours | left(24)), (.ours_ns | time | right(10)), " ",
	  (.peer | left(30)), (.peer_ns | time | right(10)),
	  (.ratio | fixed(3) | right(7)),
	  (.low | fixed(3)) + "-" + (.high | fixed(3)), (.goal | goal) ]
	| join(" ");

def amount_line:
	[ (.work | left(36)), (.amount | fixed(1) | right(10)),
	  (.unit | left(16)), (.goal | goal) ] | join(" ");

def boot_line:
	"Linux \(.kernel), \(.machine), \(.processors) processor(s), \(.clock) time";

def line:
	if .clock then boot_line
	elif .ratio then ratio_line
	else amount_line end | sub(" +$"; "");

def title: {
	calls: "One signal to one process",
	trees: "SIGKILL to a whole tree, per process",
	hold: "How long the lock of the process tree is held, per process",
	delay: "The longest fork elsewhere while many are signalled",
	owner: "Whose is a process",
	list: "Everybody below",
	load: "What all others pay for the module",
	memory: "Memory",
}[.];

def heading($clock):
	"\n## " + title + "\n\n" + if $clock == "wall"
	then "In wall time, on two emulated processors: it spreads.\n"
	else "" end + "```";

def document($date; $revision):
	(map(select(.clock))) as $boots
	| "# What it costs\n",
	  "Made by `make bench` on \($date) from \($revision), not by hand: change",
	  "`notes.md` for what stands at the end.\n",
	  ($boots[] | "- " + boot_line),
	  "",
	  "Virtual time counts one ns an instruction on one processor; it knows nothing of",
	  "caches. Ways are measured in turns in one boot. A ratio is the median over the",
	  "rounds of how much of the other's time ours takes, with its quartiles. The goal",
	  "is what it should not exceed.",
	  (reduce .[] as $r ([]; if $r.clock then . else
		if length > 0 and .[-1][0].section == $r.section
		then .[-1] += [$r] else . + [[$r]] end end)
	   | .[] | (.[0].section | heading(if . == "delay" then "wall" else "" end)),
		   (.[] | line), "```"),
	  "\n## Cost against size\n",
	  ("wide-return", "wide-gone", "deep-return", "deep-gone"
	   | "![\(.)](plots/\(.).svg)");

# A table: sizes down, ways across.
def curves($shape; $figure):
	map(select(.section == "trees" and .work == $shape and .figure == $figure))
	| (map(.peer) | unique) as $peers
	| (["size", "killbelow"] + $peers | map("\"\(.)\"") | join(" ")),
	  (group_by(.size)[] | . as $rows
	   | [$rows[0].size, $rows[0].ours_ns] +
	     [$peers[] as $p | ($rows | map(select(.peer == $p).peer_ns)[0]) // "nan"]
	   | map(tostring) | join(" "));
