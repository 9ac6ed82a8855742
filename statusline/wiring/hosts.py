"""The programs that show the segment, one file each."""

from __future__ import annotations

from statusline.wiring import bash, claude, fish, p10k, starship, tmux, zsh
from statusline.wiring.host import Host

#: In the order in which they are wired: powerlevel10k's lines go below zsh's.
HOSTS: dict[str, Host] = {
    host.name: host
    for host in (
        *(claude.HOST, tmux.HOST, starship.HOST),
        *(bash.HOST, zsh.HOST, fish.HOST, p10k.HOST),
    )
}
