# shellcheck shell=dash
# statusline as Claude Code's status line. The command in settings.json sources it:
#
#   STATUSLINE_PROFILE=/path/to/profile STATUSLINE_BIN=/path/to/statusline; . /path/to/this
#
# STATUSLINE_PROFILE is what `statusline profile` prints; without it every look starts Python.
#
# What it does: asks `statusline claude`, which reads the JSON that Claude Code sends and leaves
# its line behind, with that JSON. While the line is true, the hook becomes awk, which prints the
# line again where the JSON is the same but for numbers that the line does not show; else awk hands
# it over to `statusline claude`.
# What it never does: take a part of the JSON for the whole, write anything but the empty file
# `now` whose time it compares with, leave the line blank where the program does not start.

# The program may have moved since the line was written: then the one on PATH is asked.
command -v "${STATUSLINE_BIN:-statusline}" >/dev/null 2>&1 || {
  STATUSLINE_BIN=statusline
  command -v statusline >/dev/null 2>&1 || { echo "statusline is not installed" && exit; }
}
# It is waited for: its Python may be gone (126, 127), or may have lost the package (1). One that a
# signal ended may have been cancelled by Claude Code, and is not started again.
_ask() {
  "${STATUSLINE_BIN:-statusline}" claude && exit
  case $? in 1 | 126 | 127) statusline claude && exit ;; esac
  echo "statusline cannot start"
  exit 0
} 2>/dev/null
_dir=${STATUSLINE_PROFILE:-}
_file=$_dir/line.claude-${CLAUDE_PID:-}
_claude=${CLAUDE_CONFIG_DIR:-${HOME:-}/.claude}
_account=$_claude/.claude.json
_other=$_account # the default directory may have it in HOME
[ "$_claude" != "${HOME:-}/.claude" ] || _other=${HOME:-}/.claude.json
[ ! -e "$_claude/.config.json" ] || _account=$_claude/.config.json
_config=${STATUSLINE_CONFIG:-${XDG_CONFIG_HOME:-${HOME:-}/.config}/statusline/config.toml}
# A token or a key in the environment may be another account's, and is not to be written down.
_secret=${CLAUDE_CODE_OAUTH_TOKEN:+x}${ANTHROPIC_API_KEY:+x}${ANTHROPIC_AUTH_TOKEN:+x}
case $_secret${CLAUDE_PID:-x} in *[!0-9]*) _dir= ;; esac
[ -n "$_dir" ] || _ask
# All of the environment that decides what is shown, or which files are read.
STATUSLINE_KEY="1|$_dir|${COLUMNS-}|${NO_COLOR-}|${TERM-}|${LC_ALL-}|${LC_CTYPE-}|${LANG-}|${TZ-}"
STATUSLINE_KEY="$STATUSLINE_KEY|${HOME-}|${CLAUDE_CONFIG_DIR-}|${XDG_CACHE_HOME-}"
STATUSLINE_KEY="$STATUSLINE_KEY|${STATUSLINE_CACHE_DIR-}|${XDG_CONFIG_HOME-}|${STATUSLINE_CONFIG-}"
STATUSLINE_KEY="$STATUSLINE_KEY|${STATUSLINE_CHAIN-}|${STATUSLINE_BIN-}|${CLAUDE_CODE_USE_BEDROCK-}"
export STATUSLINE_KEY="$STATUSLINE_KEY|${CLAUDE_CODE_USE_VERTEX-}|${CLAUDE_CODE_USE_FOUNDRY-}"
# The line counts if it is ours, no link, made for this configuration and this login, and its
# time has not come yet. The last test of a time notices a clock that was set back: usage.json
# cannot be younger than now. A token in the environment is a profile of its own, whose name only
# the program can tell.
if [ -O "$_dir" ] && ! [ -L "$_dir" ] &&
  [ -f "$_file" ] && [ -O "$_file" ] && ! [ -L "$_file" ] && [ -f "$_dir/usage.json" ] &&
  [ -f "$_dir/now" ] && ! [ -L "$_dir/now" ] &&
  true >|"$_dir/now" && [ "$_file" -nt "$_dir/now" ] &&
  ! [ "$_dir/usage.json" -nt "$_dir/now" ] &&
  ! [ "$_claude/.credentials.json" -nt "$_dir/usage.json" ] &&
  ! [ "$_account" -nt "$_dir/usage.json" ] && ! [ "$_other" -nt "$_dir/usage.json" ] &&
  if [ -e "$_dir/settings.json" ]; then
    [ "$_config" -ef "$_dir/config" ] && ! [ "$_config" -nt "$_dir/settings.json" ] &&
      ! [ "$_dir/settings.json" -nt "$_config" ]
  else
    ! [ -e "$_config" ]
  fi; then
  # mawk where there is one: other awks start more slowly.
  for _awk in /usr/bin/mawk /usr/bin/awk; do [ ! -x "$_awk" ] || break; done
  [ -x "$_awk" ] || _awk=$(command -v awk)
else
  _awk=
fi
[ -n "$_awk" ] || _ask

# The file: a mark, the key, the number of the line's rows, the rows, then the JSON in pieces, and
# the mark again. Each piece begins with what stands before it in the JSON: `n` a number, `u` a
# UUID, `s` nothing else. Before them may be files, `r`, with their first lines, `=`, or none, `-`.
# Bytes count, in any locale; `statusline claude` gets the one that Claude Code gave.
export STATUSLINE_BIN STATUSLINE_LC_ALL="${LC_ALL-}" LC_ALL=C
# shellcheck disable=SC2016 # what follows is awk's
exec "$_awk" '
function is_same(  at, rows, piece, gap, mark, there) {
  if ((getline mark < file) < 1) return 0
  if ((getline piece < file) < 1 || piece "" != ENVIRON["STATUSLINE_KEY"] "") return 0
  if ((getline rows < file) < 1) return 0
  for (; rows > 0; rows--) {
    if ((getline piece < file) < 1) return 0
    shown = shown (shown == "" ? "" : "\n") piece
    gsub(/\033\[[0-9;]*m/, "", piece)
    if (piece ~ /[\001-\037\177]/) return 0
  }
  at = 1
  while ((getline piece < file) > 0) {
    gap = substr(piece, 1, 1)
    if (gap == "e") return piece == "e" mark && at == length(json) + 1
    if (gap == "r") {
      # What a file begins with, or that there is none.
      if ((getline there < substr(piece, 2)) < 1) there = "-"
      else there = "=" there
      if ((getline piece < file) < 1 || piece "" != there "") return 0
      continue
    }
    if (gap == "n") {
      if (!match(substr(json, at, 25), /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/)) return 0
      at += RLENGTH
    } else if (gap == "u") {
      if (substr(json, at, 36) !~ /^[0-9a-f-]+$/) return 0
      at += 36
    }
    if (substr(json, at, length(piece) - 1) != substr(piece, 2)) return 0
    at += length(piece) - 1
  }
  return 0
}
BEGIN {
  file = ARGV[1]
  ARGV[1] = ""
  lines = (getline json)
  # No more than `statusline claude` would read; what it does not take could end this with an error.
  while (length(json) < 65536 && (getline more) > 0) { json = json "\n" more; lines++ }
  if (lines == 1 && is_same()) print shown
  else {
    # As above; what is read in vain keeps awk from a broken pipe.
    program = "exec 2>/dev/null; LC_ALL=$STATUSLINE_LC_ALL;" \
      "\"${STATUSLINE_BIN:-statusline}\" claude && exit;" \
      "case $? in 1 | 126 | 127) statusline claude && exit ;; esac;" \
      "cat >/dev/null; echo statusline cannot start"
    print substr(json, 1, 65536) | program
    if (close(program)) print "statusline cannot start"
  }
  exit 0
}' "$_file"
exit
