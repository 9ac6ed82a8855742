"""bash: lines in ~/.bashrc that source ``hooks/prompt.bash`` and show its variable."""

from __future__ import annotations

import re

from statusline.wiring import ours, pasted, startup_file
from statusline.wiring.block_host import BlockHost, is_there
from statusline.wiring.installation import Installation

HOOK = "prompt.bash"


def _path(here: Installation) -> str:
    """Return what an interactive bash reads."""
    return f"{here.home}/.bashrc"


def _lines(here: Installation) -> tuple[str, ...]:
    """Return the lines for bash; the prompt refers to the variable, never holds its value.

    Where ``promptvars`` is off it would show the variable's name; to turn that on would expand
    what else is in the prompt.
    """
    hook = here.hook(HOOK)
    segment = "'${STATUSLINE_SEGMENT:+$STATUSLINE_SEGMENT }'"
    return (
        f"if [[ $- == *i* && -r {hook} ]]; then",
        f"  {here.bin}",
        f"  . {hook}",
        "  if shopt -q promptvars && [[ ${PS1-} != *STATUSLINE_SEGMENT* ]]; then",
        f"    PS1={segment}${{PS1-}}",
        "  fi",
        "fi",
    )


def _check(data: bytes, here: Installation) -> list[str]:  # noqa: ARG001
    """Return what of the other lines keeps the segment out of the prompt."""
    notes = []
    if b"PROMPT_COMMAND" in data:
        notes.append("Where PROMPT_COMMAND builds PS1, add ${STATUSLINE_SEGMENT} there yourself.")
    if re.search(rb"^[^#\n]*shopt\s+-u\s[^#\n]*promptvars", data, re.MULTILINE):
        notes.append("With promptvars off, PS1 cannot refer to the segment, and stays as it is.")
    return notes


def _rival(here: Installation) -> str | None:
    """Return "starship" where that sets bash's prompt."""
    return startup_file.prompt_setter(_path(here), "bash")


def _is_pasted(text: str, here: Installation) -> bool:
    if ours.sources(text, HOOK, here):
        return True
    found = re.fullmatch(r'(?:shopt -q promptvars && )?PS1=(.+)"\$PS1"', text)
    command = None if found is None else pasted.substitution(found[1])
    return command is not None and ours.runs(command.replace("\\\\", "\\"), "bash", here)


HOST = BlockHost(
    name="bash",
    title="bash",
    hooks=(HOOK,),
    file=_path,
    found=is_there("bash", _path),
    lines=_lines,
    check=_check,
    rival=_rival,
    ends=startup_file.ends,
    find_pasted=pasted.lines_like(_is_pasted),
    argv=lambda data: startup_file.argv(("bash", "--norc", "--noprofile", "-ic"), data, "bash"),
)
