# shellcheck shell=dash
# statusline below the status line that Claude Code had before: the one slot shared by two.
# The command in settings.json sources it:
#
#   STATUSLINE_CHAIN=/path/to/chain STATUSLINE_BIN=/path/to/statusline; . /path/to/claude-code-chain.sh
#
# What it does: runs the previous command, which `statusline install claude` has put into the file
# STATUSLINE_CHAIN, with the JSON that Claude Code sends; prints its lines whatever becomes of it;
# then lets `statusline claude` print its own from the same JSON.
# What it never does: wait longer than 2 seconds for the other one or for the end of the JSON, read more than 1 MiB, put a
# command together from what it reads, exit with anything but 0 (Claude Code would show nothing).

exec 2>/dev/null

# Ends, every 2 seconds, every process below this shell except itself: whoever still reads what
# never ends, then the previous command with its children, and whoever waits for what they print.
# shellcheck disable=SC2016 # the guard expands it: $1 is this shell, $$ the guard
sh -c '
  trap "kill \$!; exit 0" TERM
  while kill -0 "$1"; do
    sleep 2 &
    wait "$!"
    {
      cat /proc/[0-9]*/stat | sed "s/ (.*) [A-Za-z] / /"
      [ -e /proc/self/stat ] || ps -A -o pid= -o ppid=
    } | awk -v root="$1" -v guard="$$" "
        { parent[\$1] = \$2 }
        END {
          for (pid in parent) {
            above = pid
            while (above != guard && above != root && above in parent) above = parent[above]
            if (above == root && pid != root) print pid
          }
        }" | while read -r pid; do kill -KILL "$pid"; done
  done
' guard "$$" </dev/null >/dev/null &
_guard=$!

# dd hands on every piece as it comes: what was printed before the end of patience is kept. It counts
# pieces, however small, so that only single bytes are a measure of what a slow writer may still say.
_input=$(dd bs=1024 count=512 && dd bs=1 count=524288)
_lines=$(printf '%s\n' "$_input" | sh "${STATUSLINE_CHAIN:-/dev/null}" | dd bs=1 count=262144)

kill "$_guard"
wait "$_guard"
[ -z "$_lines" ] || printf '%s\n' "$_lines"
printf '%s\n' "$_input" | "${STATUSLINE_BIN:-statusline}" claude
exit 0
