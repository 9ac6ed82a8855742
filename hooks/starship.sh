# shellcheck shell=dash
# statusline in starship. A [custom.NAME] module with `shell = ["/bin/sh"]` sources it:
#
#   command = ". /path/to/starship.sh"
#
# with STATUSLINE_PROFILE=/path/to/profile (what `statusline profile` prints, the directory of the
# segments) and STATUSLINE_BIN=/path/to/statusline set before it on that line.
#
# What it does: prints the segment file that statusline keeps, while that is true; else it asks
# `statusline starship`, which never waits for the network.
# What it never does: start a process while the file is true, read its input (starship sends the
# command itself there), write anything but the empty file `now` whose time it compares with.

exec 2>/dev/null
_dir=${STATUSLINE_PROFILE:-}
_file=$_dir/segment.starship
_claude=${CLAUDE_CONFIG_DIR:-${HOME:-}/.claude}
_account=$_claude/.claude.json
_other=$_account # the default directory may have it in HOME
[ "$_claude" != "${HOME:-}/.claude" ] || _other=${HOME:-}/.claude.json
[ ! -e "$_claude/.config.json" ] || _account=$_claude/.config.json
_config=${STATUSLINE_CONFIG:-${XDG_CONFIG_HOME:-${HOME:-}/.config}/statusline/config.toml}
case ${NO_COLOR:+no}${TERM:-}:${LC_ALL:-${LC_CTYPE:-${LANG:-UTF-8}}} in
no* | dumb:*) _dir= ;;
*:*UTF-8* | *:*utf8* | *:*utf-8* | *:*UTF8*) ;;
*) _dir= ;;
esac
case ${CLAUDE_CODE_OAUTH_TOKEN:+token}:$_dir in
token:* | *-env-????????) _dir= ;;
esac
# The segment counts if it is ours, no link, made for this configuration and this login, and its
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
  fi &&
  IFS= read -r _line <"$_file"; then
  printf '%s\n' "$_line"
  exit 0
fi
# The program may have moved since the line was written, its Python may be gone, or may have lost
# the package: then the one on PATH is asked.
_trouble="statusline is not installed"
for _bin in "${STATUSLINE_BIN:-statusline}" statusline; do
  command -v "$_bin" >/dev/null 2>&1 || continue
  "$_bin" starship </dev/null && exit
  _trouble="statusline cannot start"
done
echo "$_trouble"
exit
