#!/bin/sh
# statusline for tmux's plug-in managers: #{statusline} in status-left or status-right becomes the
# segment. In ~/.tmux.conf, after those two and before the manager's own last line:
#
#   set -g status-right "#{statusline} | %H:%M"
#   set -g @plugin "OWNER/statusline"
#
# Options, all empty by default: @statusline_program, where `statusline` is not on the PATH of
# tmux; @statusline_claude_dir, the CLAUDE_CONFIG_DIR of another account.
#
# The manager runs this once, and again when the configuration is read again. What tmux runs later
# is hooks/tmux.sh beside this file.

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit
longest=100 # cells; tmux cuts at 40 by itself

option() { tmux show-option -gqv "$1"; }

# As one word of sh.
quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }

program=$(option @statusline_program)
claude=$(option @statusline_claude_dir)
bin=$(command -v "${program:-statusline}") || bin=${program:-statusline}
if [ -n "$claude" ]; then
  CLAUDE_CONFIG_DIR=$claude
  export CLAUDE_CONFIG_DIR
  job="export CLAUDE_CONFIG_DIR=$(quoted "$claude"); "
else
  job=
fi
# Without the program the hook says so by itself, and asks again each time.
profile=$("$bin" profile 2>/dev/null </dev/null) || profile=
job="${job}STATUSLINE_PROFILE=$(quoted "$profile") STATUSLINE_BIN=$(quoted "$bin"); "
job="$job. $(quoted "$here/hooks/tmux.sh")"
# tmux expands formats and times in what is between the parentheses.
job="#($(printf %s "$job" | sed 's/#/##/g; s/%/%%/g'))"

for side in status-left status-right; do
  left=$(option "$side")
  shown=
  while :; do
    case $left in
    *'#{statusline}'*)
      shown=$shown${left%%'#{statusline}'*}$job
      left=${left#*'#{statusline}'}
      ;;
    *) break ;;
    esac
  done
  [ -n "$shown" ] || continue
  tmux set-option -g "$side" "$shown$left"
  [ "$(option "$side-length")" -ge "$longest" ] || tmux set-option -g "$side-length" "$longest"
done
