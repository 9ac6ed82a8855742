# statusline as a powerlevel10k segment. In ~/.zshrc, after powerlevel10k and ~/.p10k.zsh:
#
#   source /path/to/p10k.zsh
#
# and `statusline` among POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS (or LEFT) in ~/.p10k.zsh.
#
# What it does: loads prompt.zsh from beside itself, which keeps STATUSLINE_SEGMENT up to date,
# and defines the segment. What it never does: hand the value itself to powerlevel10k, which
# would keep it for the instant prompt of a later shell and show an old number there.

() {
  \builtin emulate -L zsh
  \builtin source ${${(%):-%x}:A:h}/prompt.zsh
}

# The same call every time: powerlevel10k records it for the instant prompt.
prompt_statusline() {
  p10k segment -e -c '${STATUSLINE_SEGMENT-}' -t '${STATUSLINE_SEGMENT-}'
}

instant_prompt_statusline() {
  prompt_statusline
}
