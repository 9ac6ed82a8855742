"""fish: a file of our own that sources ``hooks/prompt.fish`` and adds to the right prompt."""

from __future__ import annotations

import re

from statusline.system.environ import Environment
from statusline.wiring import ours, pasted, startup_file
from statusline.wiring.block_host import BlockHost, is_there
from statusline.wiring.installation import Installation

HOOK = "prompt.fish"
#: Below these fish makes directories of its own whenever it starts.
_OWN_FILES = ("XDG_CACHE_HOME", "XDG_DATA_HOME")


def _path(here: Installation) -> str:
    """Return a file of our own among those that fish reads; config.fish if lines of ours are there.

    Those that were pasted there are replaced where they are.
    """
    config = f"{here.env.config_home}/fish/config.fish"
    data = startup_file.text_of(config).encode("utf-8", "replace")
    if b"# >>> statusline fish >>>" in data or _is_pasted_in(data, here):
        return config
    return _own_path(here)


def _own_path(here: Installation) -> str:
    """Return the file of our own."""
    return f"{here.env.config_home}/fish/conf.d/statusline.fish"


def _lines(here: Installation) -> tuple[str, ...]:
    """Return the lines for fish: a right prompt, before the one that the user may have.

    That one may be defined after this file is read, so it is looked for at the first prompt.
    """
    hook = _fish_quoted(f"{here.hooks}/{HOOK}")
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


def _rival(here: Installation) -> str | None:
    """Return "starship" where that sets fish's prompt."""
    return startup_file.prompt_setter(f"{here.env.config_home}/fish/config.fish", "fish")


def aside(
    argv: tuple[str, ...], env: Environment, place: str
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return a call of fish and its environment, in which it keeps its own files in ``place``.

    Its commands see the variables of ``env``: fish makes its directories before it reads one, and
    our cache lies beside them.
    """
    values = [(name, env.get(name)) for name in _OWN_FILES]
    back = [f"set -gx {name} {_fish_quoted(value)}" for name, value in values if value]
    back += [f"set -e {name}" for name, value in values if not value]
    call = (*argv[:-1], "\n".join([*back, argv[-1]]))
    return call, {**env.of_previous(), **dict.fromkeys(_OWN_FILES, place)}


def _fish_quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _is_pasted(text: str, here: Installation) -> bool:
    found = re.fullmatch(r"function fish_right_prompt; (.+) fish; end", text)
    if found is None:
        return ours.sources(text, HOOK, here)
    word = found[1]
    if re.fullmatch(r"'(?:[^'\\]|\\.)*'", word):
        word = re.sub(r"\\([\\'])", r"\1", word[1:-1])
    return ours.is_launcher(word, here)


_FIND_PASTED = pasted.lines_like(_is_pasted)


def _is_pasted_in(data: bytes, here: Installation) -> bool:
    """Tell whether anything outside our blocks shows the segment."""
    own = pasted.line_of_own(data, [], "fish", (HOOK,), here)
    return bool(_FIND_PASTED(data, here)) or own is not None


HOST = BlockHost(
    name="fish",
    title="fish",
    hooks=(HOOK,),
    file=_path,
    found=is_there("fish", _path),
    lines=_lines,
    check=startup_file.no_check,
    rival=_rival,
    usual=_own_path,
    ends=startup_file.ends,
    find_pasted=_FIND_PASTED,
    argv=lambda data: startup_file.argv(("fish", "--no-config", "-ic"), data, "fish"),
)
