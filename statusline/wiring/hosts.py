"""The programs that show the segment, one file each; and the timer, which shows nothing."""

from __future__ import annotations

from statusline.wiring import bash, claude, fish, p10k, starship, timer, tmux, zsh
from statusline.wiring.host import Host

#: In the order in which they are wired: powerlevel10k's lines go below zsh's.
HOSTS: dict[str, Host] = {
    host.name: host
    for host in (
        *(claude.HOST, tmux.HOST, starship.HOST),
        *(bash.HOST, zsh.HOST, fish.HOST, p10k.HOST),
    )
}
#: What is installed by its name alone, since it runs by itself: several files.
TIMER = "timer"
#: Whatever may stand in the record, by the name that it has there.
ALL: dict[str, Host] = HOSTS | {part.name: part for part in timer.PARTS}
#: The words that `install` and `uninstall` take.
WORDS = (*HOSTS, TIMER)


def parts(word: str) -> tuple[str, ...]:
    """Return the names that one of ``WORDS`` stands for, in the order in which they are wired."""
    return tuple(part.name for part in timer.PARTS) if word == TIMER else (word,)
