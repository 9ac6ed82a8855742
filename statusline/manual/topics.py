"""The topics of `statusline help`: one file each, with the program's own tables put in."""

from __future__ import annotations

import os
from typing import TypeGuard

from statusline.manual.blocks import Block, Rows, Text, parse

#: In the order in which they are listed.
NAMES = (
    *("states", "surfaces", "configuration", "placeholders"),
    *("environment", "files", "privacy", "exit-codes"),
)


def title(name: str) -> str:
    """Return what a topic is about, in a few words."""
    return _read(name).partition("\n")[0].lstrip("# ")


def text(name: str) -> list[Block]:
    """Return a topic, its title first."""
    from statusline.manual.tables import TABLES  # the list of topics needs none of what these load

    found: list[Block] = []
    for block in parse(_read(name)):
        made = TABLES[block.text.strip("{}")]() if _is_hole(block) else block
        last = found[-1] if found else None
        if isinstance(made, Rows) and isinstance(last, Rows):
            found[-1] = Rows(last.rows + made.rows, made.most)
        else:
            found.append(made)
    return found


def _is_hole(block: Block) -> TypeGuard[Text]:
    """Tell whether a table belongs in the place of this block."""
    return isinstance(block, Text) and block.text.startswith("{") and block.text.endswith("}")


def _read(name: str) -> str:
    """Return the file of a topic; raise ``ImportError`` where the package is not whole."""
    file = f"topics/{name}.md"
    try:
        with open(f"{os.path.dirname(os.path.abspath(__file__))}/{file}", encoding="utf-8") as text:
            return text.read()
    except OSError as error:
        raise ImportError(file, name=file) from error
