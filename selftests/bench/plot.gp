# SPDX-License-Identifier: GPL-2.0-only
# gnuplot -c plot.gp DATA SVG TITLE
set terminal svg size 720,480 background "white"
set output ARG2
set title ARG3 . ", us a process"
set logscale xy
set xlabel "processes"
set key outside right
set grid
stats ARG1 skip 1 nooutput
plot for [i = 2:STATS_columns] ARG1 using 1:(column(i) / 1000) \
	with linespoints linewidth (i == 2 ? 3 : 1) title columnheader(i)
