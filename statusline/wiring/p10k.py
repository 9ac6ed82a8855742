"""powerlevel10k: lines in .zshrc, below its own, that make the segment its first element."""

from __future__ import annotations

from statusline.wiring import ours, pasted, startup_file, zsh
from statusline.wiring.block_host import BlockHost
from statusline.wiring.installation import Installation

HOOK = "p10k.zsh"


def _lines(here: Installation) -> tuple[str, ...]:
    """Return the lines for powerlevel10k: below ~/.p10k.zsh, first on the right."""
    hook = here.hook(HOOK)
    right, left = "POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS", "POWERLEVEL9K_LEFT_PROMPT_ELEMENTS"
    return (
        f"if [[ -o interactive && -r {hook} ]]; then",
        f"  {here.bin}",
        f"  source {hook}",
        f'  if [[ " ${{{left}[*]-}} ${{{right}[*]-}} " != *" statusline "* ]]; then',
        f"    (( ${{#{right}[@]}} )) ||",
        f"      {right}=(status root_indicator background_jobs history time)",
        f"    {right}=(statusline ${right})",
        "  fi",
        "fi",
    )


def _is_pasted(text: str, here: Installation) -> bool:
    """powerlevel10k shares zsh's file, and zsh's own lines would show the segment twice."""
    return ours.sources(text, HOOK, here) or zsh.is_pasted(text, here)


HOST = BlockHost(
    name="p10k",
    title="powerlevel10k",
    hooks=(HOOK,),
    file=zsh.path,
    found=zsh.has_p10k,
    lines=_lines,
    check=startup_file.no_check,
    ends=startup_file.ends,
    find_pasted=pasted.lines_like(_is_pasted),
    argv=lambda data: startup_file.argv(zsh.SHELL, data, "p10k"),
    notation="zsh",
)
