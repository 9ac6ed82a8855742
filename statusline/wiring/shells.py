"""bash, zsh, fish and powerlevel10k: lines that source a hook and show its variable."""

from __future__ import annotations

import os
import re

from statusline.wiring import pasted
from statusline.wiring.installation import Installation


def _text(path: str) -> str:
    """Return a startup file's text for a look at it, "" where there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(1 << 20)
    except OSError:
        return ""


def _sets_prompt(path: str, shell: str) -> str | None:
    """Return the surface that already shows in this shell's prompt."""
    if re.search(rf"^[^#\n]*starship\W+init\W+{shell}", _text(path), re.MULTILINE):
        return "starship"
    return None


def no_check(data: bytes, here: Installation) -> list[str]:  # noqa: ARG001
    """Return nothing to say: the check of a shell that needs none."""
    return []


def ends(here: Installation) -> list[str]:  # noqa: ARG001
    """Return what shows the segment although the lines are gone."""
    return ["Shells that are open show the segment until they are closed."]


def bash_path(here: Installation) -> str:
    """Return what an interactive bash reads."""
    return f"{here.home}/.bashrc"


def bash_lines(here: Installation) -> tuple[str, ...]:
    """Return the lines for bash; the prompt refers to the variable, never holds its value.

    Where ``promptvars`` is off it would show the variable's name; to turn that on would expand
    what else is in the prompt.
    """
    hook = here.hook("prompt.bash")
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


def bash_check(data: bytes, here: Installation) -> list[str]:  # noqa: ARG001
    """Return what of the other lines keeps the segment out of the prompt."""
    notes = []
    if b"PROMPT_COMMAND" in data:
        notes.append("Where PROMPT_COMMAND builds PS1, add ${STATUSLINE_SEGMENT} there yourself.")
    if re.search(rb"^[^#\n]*shopt\s+-u\s[^#\n]*promptvars", data, re.MULTILINE):
        notes.append("With promptvars off, PS1 cannot refer to the segment, and stays as it is.")
    return notes


def bash_rival(here: Installation) -> str | None:
    """Return "starship" where that sets bash's prompt."""
    return _sets_prompt(bash_path(here), "bash")


def zsh_path(here: Installation) -> str:
    """Return what an interactive zsh reads."""
    return f"{here.env.zsh_dir}/.zshrc"


def zsh_lines(here: Installation) -> tuple[str, ...]:
    """Return the lines for zsh; the hook shows the segment on the right, and sets no option."""
    hook = here.hook("rprompt.zsh")
    return (
        f"if [[ -o interactive && -r {hook} ]]; then",
        f"  {here.bin}",
        f"  source {hook}",
        "fi",
    )


def zsh_rival(here: Installation) -> str | None:
    """Return what sets zsh's prompt: "p10k" or "starship"."""
    return "p10k" if has_p10k(here) else _sets_prompt(zsh_path(here), "zsh")


def has_p10k(here: Installation) -> bool:
    """Tell whether powerlevel10k is configured here."""
    is_used = re.search(r"^[^#\n]*powerlevel10k", _text(zsh_path(here)), re.MULTILINE)
    return is_used is not None or os.path.exists(f"{here.env.zsh_dir}/.p10k.zsh")


def p10k_lines(here: Installation) -> tuple[str, ...]:
    """Return the lines for powerlevel10k: below ~/.p10k.zsh, first on the right."""
    hook = here.hook("p10k.zsh")
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


def fish_path(here: Installation) -> str:
    """Return a file of our own among those that fish reads; config.fish if lines of ours are there.

    Those that were pasted there are replaced where they are.
    """
    config = f"{here.env.config_home}/fish/config.fish"
    data = _text(config).encode("utf-8", "replace")
    if b"# >>> statusline fish >>>" in data or pasted.is_there(data, "fish", here):
        return config
    return fish_own_path(here)


def fish_own_path(here: Installation) -> str:
    """Return the file of our own."""
    return f"{here.env.config_home}/fish/conf.d/statusline.fish"


def fish_lines(here: Installation) -> tuple[str, ...]:
    """Return the lines for fish: a right prompt, before the one that the user may have.

    That one may be defined after this file is read, so it is looked for at the first prompt.
    """
    hook = _fish_quoted(f"{here.hooks}/prompt.fish")
    return (
        f"if status is-interactive; and test -r {hook}",
        f"    set -g STATUSLINE_BIN {_fish_quoted(here.launcher)}",
        f"    source {hook}",
        "    function _statusline_add_to_prompt --on-event fish_prompt",
        "        functions --erase _statusline_add_to_prompt",
        "        functions fish_right_prompt | string match -q '*STATUSLINE_SEGMENT*'",
        "        and return",
        "        functions -q fish_right_prompt",
        "        and functions --copy fish_right_prompt _statusline_other_right_prompt",
        "        function fish_right_prompt",
        '            printf %s "$STATUSLINE_SEGMENT"',
        "            functions -q _statusline_other_right_prompt; or return",
        "            printf ' '",
        "            _statusline_other_right_prompt",
        "        end",
        "    end",
        "end",
    )


def fish_rival(here: Installation) -> str | None:
    """Return "starship" where that sets fish's prompt."""
    return _sets_prompt(f"{here.env.config_home}/fish/config.fish", "fish")


def _fish_quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
