# shellcheck shell=bash
# statusline in the bash prompt, for bash 3.2 and later. In ~/.bashrc:
#
#   . /path/to/prompt.bash
#   PS1='${STATUSLINE_SEGMENT} \w \$ '      # single quotes: bash must not see the value itself
#
# What it does: before each prompt it sets STATUSLINE_SEGMENT. While the segment file that
# statusline keeps is true, it reads that file with builtins and starts no process; else it asks
# `${STATUSLINE_BIN:-statusline} bash`, which never waits for the network.
# What it never does: touch PS1, run or export what it reads, change $?, read your input.

# _statusline_ask WORD: what the program prints; nothing, silently, where there is none. It is
# looked for first: a missing command would start the distribution's search for a package. Whoever
# had to end it with Ctrl+C is not made to wait for it again: for a minute nothing is asked.
_statusline_ask() {
  _statusline_answer=
  [[ ${SECONDS:-0} -ge $_statusline_until ]] || \return 0
  # It may have moved since: then the one on PATH is asked.
  \builtin local "_statusline_bin=${STATUSLINE_BIN:-statusline}"
  \builtin type -P "$_statusline_bin" >/dev/null 2>&1 || _statusline_bin=statusline
  if \builtin type -P "$_statusline_bin" >/dev/null 2>&1; then
    _statusline_until=$((${SECONDS:-0} + 60))
    _statusline_answer=$(
      COLUMNS=${COLUMNS-} \builtin exec "$_statusline_bin" "$1" </dev/null 2>/dev/null
    ) || _statusline_answer=
    _statusline_until=0
  fi
}

# After a change of the environment: which segment counts here? None does without colours, on a
# terminal that knows none or outside UTF-8, since segments are not made for that; none in a
# directory that is a link or not ours, or where the clock file is anything but a plain file. A
# token in the environment is a profile of its own: the program tells which, at each prompt.
_statusline_look() {
  \builtin local claude config key
  _statusline_file=
  [[ -z ${CLAUDE_CODE_OAUTH_TOKEN-} ]] || \return 0
  config=${XDG_CONFIG_HOME:-${HOME-}/.config}/statusline/config.toml
  key=${CLAUDE_CONFIG_DIR-}:${STATUSLINE_CACHE_DIR-}:${XDG_CACHE_HOME-}:${HOME-}
  if [[ -z $_statusline_dir || $key != "$_statusline_profile" ]]; then
    _statusline_ask profile
    _statusline_dir=$_statusline_answer
    _statusline_profile=$key
  fi
  _statusline_now=$_statusline_dir/now
  _statusline_usage=$_statusline_dir/usage.json
  _statusline_settings=$_statusline_dir/settings.json
  _statusline_config=${STATUSLINE_CONFIG:-$config}
  claude=${CLAUDE_CONFIG_DIR:-${HOME-}/.claude}
  _statusline_login=$claude/.credentials.json
  _statusline_account=$claude/.claude.json
  _statusline_other=$_statusline_account # the default directory may have it in HOME
  [[ $claude != "${HOME-}/.claude" ]] || _statusline_other=${HOME-}/.claude.json
  [[ ! -e $claude/.config.json ]] || _statusline_account=$claude/.config.json
  [[ -O $_statusline_dir && ! -L $_statusline_dir ]] || \return 0
  [[ -f $_statusline_now && ! -L $_statusline_now ]] || \return 0
  [[ -z ${NO_COLOR-} && ${TERM-} != dumb ]] || \return 0
  case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
  '' | *UTF-8* | *utf8* | *utf-8* | *UTF8*) _statusline_file=$_statusline_dir/segment.bash ;;
  esac
}

# A new text in the segment file: is it one to show here? Its second line is the width in cells.
# Only colours may steer the terminal, nothing a prompt that holds the text itself, and the
# direction of writing may not change.
_statusline_check() {
  \builtin local line cells
  line=${REPLY%%$'\n'*}
  cells=${REPLY#*$'\n'}
  cells=${cells%$'\n'}
  case $cells in
  '' | *[!0-9]* | ?????*) \return 1 ;;
  esac
  case ${COLUMNS-} in
  '' | 0* | *[!0-9]* | ??????*) ;; # no width that counts
  *) ((10#$cells <= COLUMNS)) || \return 1 ;;
  esac
  case $line in
  *$'\033' | *$'\033'[!\[]*) \return 1 ;;
  esac
  case ${line//[$'\001\002\033']/} in
  *[[:cntrl:]\\\`]* | *\$[!0-9]* | *\$ | *["$_statusline_bidi"]*) \return 1 ;;
  esac
  _statusline_line=$line
  _statusline_text=${COLUMNS-}:$REPLY
}

_statusline_prompt() {
  _statusline_status=${1-$?}
  \builtin local REPLY
  _statusline_new=${CLAUDE_CONFIG_DIR-}:${STATUSLINE_CACHE_DIR-}:${XDG_CACHE_HOME-}:${HOME-}
  _statusline_new+=:${CLAUDE_CODE_OAUTH_TOKEN:+token}:${STATUSLINE_CONFIG-}:${XDG_CONFIG_HOME-}
  _statusline_new+=:${NO_COLOR:+no}:${TERM-}:${LC_ALL:-${LC_CTYPE:-${LANG-}}}
  if [[ -z $_statusline_file || $_statusline_new != "$_statusline_key" ]]; then
    _statusline_look
    _statusline_key=$_statusline_new
  fi
  # The segment counts if it is ours, no link, made for this configuration and this login, and its
  # time has not come yet. The last test of a time notices a clock that was set back: usage.json
  # cannot be younger than now. Each prompt waits for this: few words, and one redirection for all.
  if [[ -f $_statusline_file && -O $_statusline_file && ! -L $_statusline_file &&
    -f $_statusline_usage && -f $_statusline_now && ! $_statusline_login -nt $_statusline_usage &&
    ! $_statusline_account -nt $_statusline_usage && ! $_statusline_other -nt $_statusline_usage &&
    (! -e $_statusline_settings && ! -e $_statusline_config ||
    $_statusline_config -ef $_statusline_dir/config &&
    ! $_statusline_config -nt $_statusline_settings &&
    ! $_statusline_settings -nt $_statusline_config) ]] &&
    {
      [[ $_statusline_file -nt $_statusline_now && ! $_statusline_usage -nt $_statusline_now ]] &&
        ! \builtin read -r -d '' # up to the end of the file, which counts as a failure
    } 2>&- >|"$_statusline_now" <"$_statusline_file" &&
    { [[ ${COLUMNS-}:$REPLY == "$_statusline_text" ]] || _statusline_check; }; then
    STATUSLINE_SEGMENT=$_statusline_line
  else
    STATUSLINE_SEGMENT=
    _statusline_ask bash
    STATUSLINE_SEGMENT=$_statusline_answer
  fi
  [[ $- != *a* ]] || _statusline_unexport
  # Under set -e a status other than 0 would end the shell here.
  [[ $- == *e* ]] || \return "$_statusline_status"
}

# set -a exports whatever is assigned to.
_statusline_unexport() {
  \builtin export -n STATUSLINE_SEGMENT "${!_statusline_@}"
}

# shellcheck disable=SC2034 # the prompt refers to it
STATUSLINE_SEGMENT=
_statusline_dir=
_statusline_file=
_statusline_profile=
_statusline_key=
_statusline_text=
_statusline_line=
_statusline_until=0
# U+202A to U+202E and U+2066 to U+2069.
_statusline_bidi=$'\342\200\252\342\200\253\342\200\254\342\200\255\342\200\256'
_statusline_bidi+=$'\342\201\246\342\201\247\342\201\250\342\201\251'
# An exported PROMPT_COMMAND comes into shells that have not read this file: what is put there makes
# them a function that only keeps $?. This variable, never exported, tells those shells from ours.
_statusline_here=yes
\builtin export -nf _statusline_ask _statusline_look _statusline_check _statusline_prompt \
  _statusline_unexport
# shellcheck disable=SC2016 # bash expands it before each prompt
_statusline_call='_statusline_status=$?; [[ ${_statusline_here-} ]] ||'
# shellcheck disable=SC2016
_statusline_call+=' _statusline_prompt() if [[ $- != *e* ]]; then return "$1"; fi;'
# shellcheck disable=SC2016
_statusline_call+=' _statusline_prompt "$_statusline_status"'
_statusline_unexport
# Element 0 is the whole of PROMPT_COMMAND where it is a string, and the first of an array. One that
# is read-only stays as it is: STATUSLINE_SEGMENT is empty then.
_statusline_answer=$(\builtin declare -p PROMPT_COMMAND 2>/dev/null || \builtin :)
_statusline_answer=${_statusline_answer%% PROMPT_COMMAND*}
if [[ ${PROMPT_COMMAND[*]-} != *_statusline_prompt* && $_statusline_answer != *\ -*r* ]]; then
  # shellcheck disable=SC2128,SC2178
  PROMPT_COMMAND="$_statusline_call${PROMPT_COMMAND:+;$PROMPT_COMMAND}"
fi
