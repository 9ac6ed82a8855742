# statusline at the right end of the zsh prompt. In ~/.zshrc:
#
#   source /path/to/rprompt.zsh
#
# What it does: loads prompt.zsh from beside itself, which keeps STATUSLINE_SEGMENT up to date, and
# shows that in RPROMPT, before what you have there. A prompt of yours that refers to
# STATUSLINE_SEGMENT shows it already; then RPROMPT stays as it is.
# What it never does: turn on PROMPT_SUBST or another option, which would expand what else is in
# your prompt (the name of a branch, of a directory); put text there that PROMPT_SUBST, where you
# have it on, would expand; leave its text in RPROMPT while a command runs.
#
# How it works: the text itself goes into RPROMPT, between two marks that show nothing. The last one
# of precmd_functions does that, so that a theme which builds RPROMPT there has finished; the first
# one of precmd_functions and of preexec_functions undoes it: what a theme sees and a command
# exports is your own RPROMPT, and a zsh started without this file inherits no number that grows
# old.

() {
  \builtin emulate -L zsh
  \builtin source ${${(%):-%x}:A:h}/prompt.zsh
}

# Takes out everything between two marks, also what a theme kept from an earlier prompt. Here and
# in the next function every word means the same under all options; `emulate` would undo that of
# others.
_statusline_leave_rprompt() {
  [[ ! -o allexport ]] || \builtin setopt localoptions noallexport
  while [[ "${RPROMPT-}" == *"$_statusline_mark"*"$_statusline_mark"* ]]; do
    _statusline_rest="${RPROMPT#*"$_statusline_mark"}"
    RPROMPT="${RPROMPT%%"$_statusline_mark"*}${_statusline_rest#*"$_statusline_mark"}"
  done
}

_statusline_enter_rprompt() {
  [[ ! -o allexport ]] || \builtin setopt localoptions noallexport
  # Two names for one thing; only the one that was assigned to counts as set.
  if [[ -z "${RPROMPT-}" && -n "${RPS1-}" ]]; then RPROMPT="$RPS1"; fi
  if [[ "${RPROMPT-}" == *"$_statusline_mark"* ]]; then
    _statusline_leave_rprompt
  fi
  if [[ "${precmd_functions[-1]}" != _statusline_enter_rprompt ]]; then
    _statusline_be_last
  fi
  if [[ -z "$STATUSLINE_SEGMENT" || "${PROMPT-}${RPROMPT-}" == *STATUSLINE_SEGMENT* ||
    "${(t)RPROMPT-}" == *readonly* || ! -o promptpercent ]]; then
    \builtin return 0
  fi
  if [[ "$STATUSLINE_SEGMENT" != "$_statusline_shown" ]]; then
    _statusline_make_inert
  fi
  RPROMPT="$_statusline_mark$_statusline_inert${RPROMPT:+ }$_statusline_mark${RPROMPT-}"
}

# What PROMPT_SUBST expands goes; a dollar sign stays, with nothing behind it that could be a name.
_statusline_make_inert() {
  \builtin emulate -L zsh
  _statusline_shown=$STATUSLINE_SEGMENT
  _statusline_inert=${STATUSLINE_SEGMENT//[\\\`]/}
  _statusline_inert=${_statusline_inert//\$%\{%\}/\$}
  _statusline_inert=${_statusline_inert//\$/\$%\{%\}}
}

_statusline_be_last() {
  \builtin emulate -L zsh
  precmd_functions=(${precmd_functions:#_statusline_enter_rprompt} _statusline_enter_rprompt)
}

() {
  \builtin emulate -L zsh
  \builtin typeset -g _statusline_mark='%0(?..)' _statusline_rest=
  \builtin typeset -g _statusline_shown= _statusline_inert=
  \builtin typeset -ga precmd_functions preexec_functions
  \builtin local leave=_statusline_leave_rprompt
  precmd_functions=($leave ${precmd_functions:#$leave})
  preexec_functions=($leave ${preexec_functions:#$leave})
  _statusline_be_last
}
