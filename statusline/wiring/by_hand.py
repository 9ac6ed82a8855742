"""The shortest line for each host, to be pasted by hand: each runs the launcher.

``statusline install`` puts in faster ones, which start no process while a segment is true.
"""

from __future__ import annotations

import json
import shlex

from statusline.wiring.claude import REFRESH_S

_TMUX_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("$", "\\$"), ("\n", "\\n"))


def lines(launcher: str) -> str:
    """Return the lines for every host, with the path ``launcher`` quoted as each host reads it."""
    command = shlex.quote(launcher)
    tmux = f"#({command.replace('#', '##').replace('%', '%%')} tmux)"
    for char, escaped in _TMUX_ESCAPES:
        tmux = tmux.replace(char, escaped)
    fish = "'" + launcher.replace("\\", "\\\\").replace("'", "\\'") + "'"
    claude = {"type": "command", "command": f"{command} claude", "refreshInterval": REFRESH_S}
    # bash reads backslashes in PS1 before it runs the command in it.
    bash = shlex.quote(f"$({command} bash) ".replace("\\", "\\\\"))
    return f"""\
Claude Code, in ~/.claude/settings.json:
  "statusLine": {json.dumps(claude)}
tmux, in ~/.tmux.conf:
  set -g status-right-length 60
  set -g status-right "{tmux}"
bash, in ~/.bashrc:
  shopt -q promptvars && PS1={bash}"$PS1"
zsh, in ~/.zshrc:
  _statusline_right() {{ RPROMPT="$({command} zsh)"; }}; autoload -Uz add-zsh-hook; \
add-zsh-hook precmd _statusline_right
fish, in ~/.config/fish/config.fish:
  function fish_right_prompt; {launcher if command == launcher else fish} fish; end
starship, in ~/.config/starship.toml:
  [custom.claude]
  command = {json.dumps(f"{command} starship")}
  when = true
  shell = ["/bin/sh"]
  format = "$output "
"""
