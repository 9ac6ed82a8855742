# statusline for a zsh prompt that refers to it, where PROMPT_SUBST is on anyway. In ~/.zshrc:
#
#   source /path/to/prompt.zsh
#   RPROMPT='${STATUSLINE_SEGMENT}'         # single quotes: zsh must not run the value itself
#
# Do not turn PROMPT_SUBST on for this: a prompt that was not made for it may then run the name of a
# branch or a directory. rprompt.zsh, beside this file, shows the segment without it.
#
# What it does: before each prompt it sets STATUSLINE_SEGMENT. While the segment file that
# statusline keeps is true, it reads that file with builtins and starts no process; else it asks
# `${STATUSLINE_BIN:-statusline} zsh`, which never waits for the network.
# What it never does: touch PROMPT or RPROMPT, run or export what it reads, change $?, read your
# input, change your options.

# _statusline_ask WORD: what the program prints; nothing, silently, where there is none. It is
# looked for first: a missing command would start the distribution's search for a package. Whoever
# had to end it with Ctrl+C is not made to wait for it again: for a minute nothing is asked.
_statusline_ask() {
  \builtin emulate -L zsh
  _statusline_answer=
  [[ ${SECONDS:-0} -ge $_statusline_until ]] || \builtin return 0
  # It may have moved since: then the one on PATH is asked.
  \builtin local bin="${STATUSLINE_BIN:-statusline}"
  \builtin whence -p -- $bin >/dev/null 2>&1 || bin=statusline
  if \builtin whence -p -- $bin >/dev/null 2>&1; then
    _statusline_until=$((${SECONDS:-0} + 60))
    _statusline_answer="$(
      COLUMNS=${COLUMNS-} \builtin exec $bin $1 </dev/null 2>/dev/null
    )" || _statusline_answer=
    _statusline_until=0
  fi
}

# After a change of the environment: which segment counts here? None does without colours, on a
# terminal that knows none or outside UTF-8, since segments are not made for that; none in a
# directory that is a link or not ours, or where the clock file is anything but a plain file. A
# token in the environment is a profile of its own: the program tells which, at each prompt.
_statusline_look() {
  \builtin emulate -L zsh
  \builtin local claude config key
  _statusline_file=
  [[ -z ${CLAUDE_CODE_OAUTH_TOKEN-} ]] || \builtin return 0
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
  [[ -O $_statusline_dir && ! -L $_statusline_dir ]] || \builtin return 0
  [[ -f $_statusline_now && ! -L $_statusline_now ]] || \builtin return 0
  [[ -z ${NO_COLOR-} && ${TERM-} != dumb ]] || \builtin return 0
  case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
    (''|*UTF-8*|*utf8*|*utf-8*|*UTF8*) _statusline_file=$_statusline_dir/segment.zsh ;;
  esac
}

# A new text in the segment file: is it one to show here? Its second line is the width in cells.
# Only colours may steer the terminal, nothing the prompt (a dollar sign is one of an amount, kept
# from being a name), and the direction of writing may not change.
_statusline_check() {
  \builtin emulate -L zsh
  \builtin local line=${_statusline_read%%$'\n'*} cells=${_statusline_read#*$'\n'} rest
  [[ -n $cells && $cells != *[^0-9]* && ${#cells} -le 4 ]] || \builtin return 1
  case ${COLUMNS-} in
    (''|0*|*[^0-9]*|??????*) ;; # no width that counts
    (*) [[ $cells -le $COLUMNS ]] || \builtin return 1 ;;
  esac
  rest=${line//\$\%\{\%\}/} rest=${rest//\%\{$'\e'\[/} rest=${rest//m\%\}/} rest=${rest//\%\%/}
  [[ $rest != $~_statusline_unsafe ]] || \builtin return 1
  _statusline_line=$line
  _statusline_text=${COLUMNS-}:$_statusline_read
}

# No `emulate` here, which would cost a tenth: every word means the same under all options.
_statusline_prompt() {
  [[ ! -o allexport ]] || \builtin setopt localoptions noallexport
  _statusline_new="${CLAUDE_CONFIG_DIR-}:${STATUSLINE_CACHE_DIR-}:${XDG_CACHE_HOME-}:${HOME-}"
  _statusline_new+=":${CLAUDE_CODE_OAUTH_TOKEN:+token}:${STATUSLINE_CONFIG-}:${XDG_CONFIG_HOME-}"
  _statusline_new+=":${NO_COLOR:+no}:${TERM-}:${LC_ALL:-${LC_CTYPE:-${LANG-}}}"
  if [[ -z "$_statusline_file" || "$_statusline_new" != "$_statusline_key" ]]; then
    _statusline_look
    _statusline_key="$_statusline_new"
  fi
  # The segment counts if it is ours, no link, made for this configuration and this login, and its
  # time has not come yet. The last test of a time notices a clock that was set back: usage.json
  # cannot be younger than now. $(<file) is read by zsh itself; the outer braces keep it silent
  # where `now` cannot be written.
  if [[ -f "$_statusline_file" && -O "$_statusline_file" && ! -L "$_statusline_file" &&
    -f "$_statusline_usage" && -f "$_statusline_now" &&
    ! "$_statusline_login" -nt "$_statusline_usage" &&
    ! "$_statusline_account" -nt "$_statusline_usage" &&
    ! "$_statusline_other" -nt "$_statusline_usage" &&
    ( ( ! -e "$_statusline_settings" && ! -e "$_statusline_config" ) ||
    ( -e "$_statusline_settings" && "$_statusline_config" -ef "$_statusline_dir/config" &&
    ! "$_statusline_config" -nt "$_statusline_settings" &&
    ! "$_statusline_settings" -nt "$_statusline_config" ) ) ]] &&
    { {
      [[ "$_statusline_file" -nt "$_statusline_now" &&
        ! "$_statusline_usage" -nt "$_statusline_now" ]] &&
        _statusline_read="$(<"$_statusline_file")"
    } >|"$_statusline_now" } 2>&- &&
    { [[ "${COLUMNS-}:$_statusline_read" == "$_statusline_text" ]] || _statusline_check; }; then
    STATUSLINE_SEGMENT="$_statusline_line"
  else
    STATUSLINE_SEGMENT=
    _statusline_ask zsh
    STATUSLINE_SEGMENT="$_statusline_answer"
  fi
}

# Inside a function, so that ALL_EXPORT exports none of it.
() {
  \builtin emulate -L zsh
  \builtin typeset -g +x STATUSLINE_SEGMENT=
  \builtin typeset -g _statusline_answer= _statusline_dir= _statusline_file= _statusline_now=
  \builtin typeset -g _statusline_usage= _statusline_settings= _statusline_config=
  \builtin typeset -g _statusline_login= _statusline_account= _statusline_other=
  \builtin typeset -g _statusline_profile= _statusline_key= _statusline_new=
  \builtin typeset -g _statusline_read= _statusline_text= _statusline_line=
  \builtin typeset -g _statusline_until=0
  # Not in the text of the functions: under SH_GLOB zsh cannot read such a pattern. At the end
  # U+202A to U+202E and U+2066 to U+2069 in UTF-8; \u would fail in other locales.
  \builtin typeset -g _statusline_unsafe='*(%|\$|\\|\`|[[:cntrl:]]'
  _statusline_unsafe+=$'|\xe2\x80\xaa|\xe2\x80\xab|\xe2\x80\xac|\xe2\x80\xad|\xe2\x80\xae'
  _statusline_unsafe+=$'|\xe2\x81\xa6|\xe2\x81\xa7|\xe2\x81\xa8|\xe2\x81\xa9)*'
  # First in the list, so that a theme that builds its prompt there finds the segment ready.
  \builtin typeset -ga precmd_functions
  precmd_functions=(_statusline_prompt ${precmd_functions:#_statusline_prompt})
}
