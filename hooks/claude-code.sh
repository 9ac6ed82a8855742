# shellcheck shell=dash
# statusline as Claude Code's status line. The command in settings.json sources it:
#
#   STATUSLINE_BIN=/path/to/statusline; . /path/to/claude-code.sh
#
# What it does: becomes `statusline claude`, which reads the JSON that Claude Code sends.
# What it never does: start a second process.

exec "${STATUSLINE_BIN:-statusline}" claude
