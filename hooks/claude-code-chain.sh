# shellcheck shell=dash
# statusline below the status line that Claude Code had before: the one slot shared by two.
# The command in settings.json sources it:
#
#   STATUSLINE_CHAIN=/path/to/it STATUSLINE_BIN=/path/to/statusline; . /path/to/claude-code-chain.sh
#
# What it does: tells `statusline claude` where the previous command is, which `statusline install
# claude` has put into the file STATUSLINE_CHAIN. `statusline claude` runs it with the JSON that
# Claude Code sends, prints its lines whatever becomes of it, then its own. A previous command that
# takes longer than 2 seconds goes on in the background, one at a time in a session, for a minute at
# most; until it is done, the lines that it printed last time are shown. Where the cache cannot be
# written, ours waits for it, as Claude Code would.
# What it never does: run the previous command twice at a time in one session, read more than 1 MiB,
# put a command together from what it reads, exit with anything but 0 (Claude Code would show
# nothing).

exec 2>/dev/null

# Python may change LC_CTYPE; the previous command gets the one that Claude Code gave.
export STATUSLINE_CHAIN STATUSLINE_LC_CTYPE="${LC_CTYPE-}"
# The program may have moved since the line was written, its Python may be gone (126, 127), or may
# have lost the package (1): then the one on PATH is asked. One that a signal ended may have been
# cancelled by Claude Code, and may have started the previous command.
"${STATUSLINE_BIN:-statusline}" claude && exit
case $? in
1 | 126 | 127)
  statusline claude && exit
  sh "${STATUSLINE_CHAIN:-/dev/null}"
  ;;
esac
printf '\nstatusline cannot start\n' # the other's last line may have no end
exit 0
