"""zsh: lines in .zshrc that source ``hooks/rprompt.zsh``, which shows the segment on the right."""

from __future__ import annotations

import os
import re

from statusline.wiring import ours, pasted, startup_file
from statusline.wiring.block_host import BlockHost, is_there
from statusline.wiring.installation import Installation

_FUNCTION = re.compile(
    r'_statusline_right\(\) \{ RPROMPT="\$\((?P<command>.+)\)"; \}; autoload -Uz add-zsh-hook;'
    r" add-zsh-hook precmd _statusline_right"
)
#: zsh without the user's own files.
SHELL = ("zsh", "-f", "-ic")
HOOKS = ("prompt.zsh", "rprompt.zsh")


def path(here: Installation) -> str:
    """Return what an interactive zsh reads."""
    return f"{here.env.zsh_dir}/.zshrc"


def _lines(here: Installation) -> tuple[str, ...]:
    """Return the lines for zsh; the hook shows the segment on the right, and sets no option."""
    hook = here.hook("rprompt.zsh")
    return (
        f"if [[ -o interactive && -r {hook} ]]; then",
        f"  {here.bin}",
        f"  source {hook}",
        "fi",
    )


def _rival(here: Installation) -> str | None:
    """Return what sets zsh's prompt: "p10k" or "starship"."""
    return "p10k" if has_p10k(here) else startup_file.prompt_setter(path(here), "zsh")


def has_p10k(here: Installation) -> bool:
    """Tell whether powerlevel10k is configured here."""
    is_used = re.search(r"^[^#\n]*powerlevel10k", startup_file.text_of(path(here)), re.MULTILINE)
    return is_used is not None or os.path.exists(f"{here.env.zsh_dir}/.p10k.zsh")


def is_pasted(text: str, here: Installation) -> bool:
    """Tell whether a line is one that a page or the hooks tell people to paste."""
    found = _FUNCTION.fullmatch(text)
    if found is not None:
        return ours.runs(found["command"], "zsh", here)
    old = re.fullmatch(r"setopt PROMPT_SUBST; RPROMPT=(.+)", text)
    command = None if old is None else pasted.substitution(old[1])
    if command is not None:
        return ours.runs(command, "zsh", here)
    return any(ours.sources(text, hook, here) for hook in HOOKS)


HOST = BlockHost(
    name="zsh",
    title="zsh",
    hooks=HOOKS,
    file=path,
    found=is_there("zsh", path),
    lines=_lines,
    check=startup_file.no_check,
    rival=_rival,
    ends=startup_file.ends,
    find_pasted=pasted.lines_like(is_pasted),
    argv=lambda data: startup_file.argv(SHELL, data, "zsh"),
)
