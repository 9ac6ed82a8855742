"""The lines that README, ``statusline init`` and the hooks tell people to paste, found in a file.

Also the forms of earlier versions. Exact lines only: what has been changed is the user's own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable

from statusline.system.untrusted import mapping
from statusline.wiring import ours
from statusline.wiring.installation import Installation

Span = tuple[int, int]

_BLOCK = re.compile(
    rb"^# >>> statusline (\w+) >>>.*?(?:^# <<< statusline \1 <<<[^\n]*(?:\n|\Z)|\Z)",
    re.MULTILINE | re.DOTALL,
)
_LENGTH = "set -g status-right-length 60"
_ZSH_FUNCTION = re.compile(
    r'_statusline_right\(\) \{ RPROMPT="\$\((?P<command>.+)\)"; \}; autoload -Uz add-zsh-hook;'
    r" add-zsh-hook precmd _statusline_right"
)
_TMUX_HOOK = re.compile(
    r"(?:export .+; )?STATUSLINE_PROFILE=\S+ STATUSLINE_BIN=\S+; (?P<source>\. \S+)"
)
#: The files that a surface's lines read.
HOOKS = {
    "tmux": ("tmux.sh",),
    "starship": ("starship.sh",),
    "bash": ("prompt.bash",),
    "zsh": ("prompt.zsh", "rprompt.zsh"),
    "fish": ("prompt.fish",),
    "p10k": ("p10k.zsh",),
}


def spans(data: bytes, name: str, here: Installation) -> list[Span]:
    """Return where lines of surface ``name`` stand that were pasted, as offsets, in order.

    What is inside a block of ours does not count.
    """
    if name == "starship":
        return _tables(data, here)
    found: list[Span] = []
    length_at: int | None = None
    for start, end in _lines(data):
        text = data[start:end].decode("utf-8", "replace").strip()
        if _FORMS[name](text, here):
            found.append((start if length_at is None else length_at, end))
        length_at = start if name == "tmux" and text == _LENGTH else None
    return found


def line_of_own(data: bytes, name: str, here: Installation) -> int | None:
    """Return the line (from 1) where the user's own text runs ours for ``name``, if any does."""
    known = spans(data, name, here)
    for start, end in _lines(data):
        text = data[start:end].decode("utf-8", "replace")
        is_pasted = any(first <= start < last for first, last in known)
        is_own = not is_pasted and not text.lstrip().startswith("#")
        if is_own and ours.is_named(text, name, HOOKS[name], here):
            return data.count(b"\n", 0, start) + 1
    return None


def is_there(data: bytes, name: str, here: Installation) -> bool:
    """Tell whether anything outside our blocks shows surface ``name``."""
    return bool(spans(data, name, here)) or line_of_own(data, name, here) is not None


def without(data: bytes, found: list[Span]) -> bytes:
    """Return ``data`` without those parts."""
    for start, end in reversed(found):
        data = data[:start] + data[end:]
    return data


def sets_status(text: bytes) -> bool:
    """Tell whether tmux lines set status-right as a whole, instead of adding to it."""
    return re.search(rb'^\s*set -g status-right ["\']', text, re.MULTILINE) is not None


def _lines(data: bytes) -> list[Span]:
    """Return every line outside our blocks, its line end included."""
    blocks = [each.span() for each in _BLOCK.finditer(data)]
    lines = (each.span() for each in re.finditer(rb"[^\n]*\n|[^\n]+\Z", data))
    return [
        (start, end)
        for start, end in lines
        if not any(first <= start < last for first, last in blocks)
    ]


def _tmux(text: str, here: Installation) -> bool:
    found = re.fullmatch(r'set -(g|ag|ga) status-right (?:"((?:[^"\\]|\\.)*)"|\'([^\']*)\')', text)
    if found is None:
        return False
    job = re.sub(r"\\(.)", r"\1", found[2]) if found[2] is not None else found[3]
    job = job.strip(" ")
    if not (job.startswith("#(") and job.endswith(")")):
        return False
    command = job[2:-1].replace("##", "#").replace("%%", "%")
    hook = _TMUX_HOOK.fullmatch(command)
    if hook is not None:
        return ours.sources(hook["source"], "tmux.sh", here)
    return ours.runs(command, "tmux", here)


def _bash(text: str, here: Installation) -> bool:
    if ours.sources(text, "prompt.bash", here):
        return True
    found = re.fullmatch(r'(?:shopt -q promptvars && )?PS1=(.+)"\$PS1"', text)
    command = None if found is None else _substitution(found[1])
    return command is not None and ours.runs(command.replace("\\\\", "\\"), "bash", here)


def _zsh(text: str, here: Installation) -> bool:
    found = _ZSH_FUNCTION.fullmatch(text)
    if found is not None:
        return ours.runs(found["command"], "zsh", here)
    old = re.fullmatch(r"setopt PROMPT_SUBST; RPROMPT=(.+)", text)
    command = None if old is None else _substitution(old[1])
    if command is not None:
        return ours.runs(command, "zsh", here)
    return any(ours.sources(text, hook, here) for hook in HOOKS["zsh"])


def _p10k(text: str, here: Installation) -> bool:
    """powerlevel10k shares zsh's file, and zsh's own lines would show the segment twice."""
    return ours.sources(text, "p10k.zsh", here) or _zsh(text, here)


def _fish(text: str, here: Installation) -> bool:
    found = re.fullmatch(r"function fish_right_prompt; (.+) fish; end", text)
    if found is None:
        return ours.sources(text, "prompt.fish", here)
    word = found[1]
    if re.fullmatch(r"'(?:[^'\\]|\\.)*'", word):
        word = re.sub(r"\\([\\'])", r"\1", word[1:-1])
    return ours.is_launcher(word, here)


_FORMS: dict[str, Callable[[str, Installation], bool]] = {
    "tmux": _tmux,
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
    "p10k": _p10k,
}


def _substitution(quoted: str) -> str | None:
    """Return the command in a quoted ``$(...)``."""
    tokens = ours.split(quoted)
    found = re.fullmatch(r"\$\((.+)\) ?", tokens[0]) if len(tokens) == 1 else None
    return None if found is None else found[1]


def _tables(data: bytes, here: Installation) -> list[Span]:
    """Return our ``[custom.claude]`` of starship.toml, its last key included."""
    lines = _lines(data)
    texts = [data[start:end].decode("utf-8", "replace").strip() for start, end in lines]
    if "[custom.claude]" not in texts:
        return []
    first = texts.index("[custom.claude]")
    last = first
    while last + 1 < len(texts) and re.match(r"(command|when|shell|format) = ", texts[last + 1]):
        last += 1
    follows = next((text for text in texts[last + 1 :] if text and text[0] != "#"), "[")
    try:
        table = tomllib.loads("\n".join(texts[first : last + 1]))
    except tomllib.TOMLDecodeError:
        return []
    claude = dict(mapping(mapping(table["custom"])["claude"]))
    command = str(claude.pop("command", ""))
    expected = {"when": True, "shell": ["/bin/sh"], "format": "$output "}
    hook = re.fullmatch(r"(?:STATUSLINE_\w+=\S+;? )*(\. .+)", command)
    is_known = ours.runs(command, "starship", here) or (
        hook is not None and ours.sources(hook[1], "starship.sh", here)
    )
    if not is_known or claude != expected or not follows.startswith("["):
        return []
    return [(lines[first][0], lines[last][1])]
