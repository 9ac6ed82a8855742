"""A ``config.toml`` for a start: every key with its default and its meaning, commented out."""

from __future__ import annotations

from statusline.editor.document import toml
from statusline.settings.keys import KEYS
from statusline.settings.presets import PRESETS

_HEAD = """\
# What statusline shows, and how. Remove the # before a key to set it; what is not set
# keeps its default. `statusline config check` finds mistakes, `statusline config edit`
# shows each change while it is made.
"""


def template() -> str:
    """Return the text of a new file; with every key uncommented it means the defaults.

    A key that has no default, since others decide, gets an example, which stays a comment.
    """
    lines = [_HEAD]
    table = ""
    for key, known in KEYS.items():
        here, _dot, name = key.rpartition(".")
        if here != table:
            table = here
            lines.append(f"\n[{table}]\n")
        value = default_of(key)
        if value is None:
            written = f"# for example: {name} = {known.example}"
        else:
            written = f"#{name} = {toml(value)}"
        lines.append(f"\n# {known.what}\n{written}\n")
    return "".join(lines)


def default_of(key: str) -> object:
    """Return what holds where the key is not set: as it would be written, ``None`` for nothing.

    A format that is not set is the one that all surfaces share.
    """
    preset = PRESETS["default"]
    value = KEYS[key].default
    value = preset.get(key) if value is None else value
    if value is None and key.startswith("format."):
        value = preset["format.default"]
    return int(value) if isinstance(value, float) and value.is_integer() else value
