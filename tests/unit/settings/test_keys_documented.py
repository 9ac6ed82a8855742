"""docs/config.md says what the code does: keys, placeholders, presets, examples."""

from __future__ import annotations

import json
import re
from pathlib import Path

from statusline.settings.keys import KEYS
from statusline.settings.load import compile_text
from statusline.settings.placeholders import PLACEHOLDERS
from statusline.settings.presets import PRESETS
from statusline.surfaces import SURFACES

DOCUMENT = Path(__file__).parents[3] / "docs" / "config.md"


def _rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of docs/config.md."""
    section = DOCUMENT.read_text("utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip("` ") for cell in row] for row in rows[2:]]


def test_the_document_lists_every_key_with_its_default() -> None:
    """docs/config.md and the code's table are the same list."""
    written = {row[0]: (row[1], row[2]) for row in _rows("Keys")}
    known = {}
    for key, entry in KEYS.items():
        value = entry.default if entry.default is not None else PRESETS["default"].get(key)
        shown = "—" if value is None else json.dumps(value, ensure_ascii=False)
        if key in ("format.default", "format.claude", "format.chained"):
            shown = "see Presets"
        known[key] = (
            shown.replace("600.0", "600").replace("75.0", "75").replace("90.0", "90"),
            entry.example.replace("|", "\\|"),
        )
    assert written == known


def test_the_document_lists_every_placeholder_with_its_example() -> None:
    """The same for placeholders."""
    written = {row[0]: row[1] for row in _rows("Placeholders")}
    assert written == {
        f"{{{name}}}": example for name, (_what, example) in PLACEHOLDERS.items()
    } | {"{sep}": "·"}


def test_the_examples_of_the_document_are_sound() -> None:
    """Every block of TOML in docs/config.md passes `statusline config check`."""
    blocks = re.findall(r"```toml\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        assert not compile_text(block).problems


def test_a_format_that_is_not_set_comes_from_where_its_row_says() -> None:
    """`format.claude` was said to follow `format.default`, which every preset keeps it from."""
    for preset in PRESETS:
        settings = compile_text(f'preset = "{preset}"\nformat.default = "{{plan}}"\n').settings
        for name in SURFACES:
            is_default = settings.format_of(name) == settings.format_of("default")
            assert is_default == ("`format.default`" in KEYS[f"format.{name}"].what)


def test_the_example_of_a_windows_label_begins_the_windows_own_example() -> None:
    """`{seven_day.label}` was said to show `5h`."""
    for window in ("five_hour", "seven_day"):
        assert PLACEHOLDERS[window][1].startswith(PLACEHOLDERS[f"{window}.label"][1])
