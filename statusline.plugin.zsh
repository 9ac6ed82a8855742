# statusline for zsh's plug-in managers: the segment at the right end of the prompt, or the segment
# `statusline` of powerlevel10k where that was loaded before. The program has to be on PATH, or
# named by STATUSLINE_BIN.

() {
  \builtin emulate -L zsh
  \builtin local here=${${(%):-%x}:A:h}
  if (( $+functions[p10k] )) || [[ "${ZSH_THEME-}" == *powerlevel10k* ]]; then
    \builtin source $here/hooks/p10k.zsh
  else
    \builtin source $here/hooks/rprompt.zsh
  fi
}

# What managers call to take a plug-in out of a shell that goes on.
statusline_plugin_unload() {
  \builtin emulate -L zsh
  if (( $+functions[_statusline_leave_rprompt] )); then
    _statusline_leave_rprompt
  fi
  precmd_functions=(${precmd_functions:#_statusline_*})
  preexec_functions=(${preexec_functions:#_statusline_*})
  \builtin unset STATUSLINE_SEGMENT
  \builtin unset -m '_statusline_*'
  \builtin unfunction -m '_statusline_*' '(instant_|)prompt_statusline' statusline_plugin_unload
}
