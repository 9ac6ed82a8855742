"""The editor's screen through Textual's pilot: the mouse, fast typing, many lines, odd files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from statusline.editor import config_file
from statusline.editor.app import Editor
from statusline.editor.fields import Choice, Link, Row
from statusline.editor.states import project
from statusline.system.environ import Environment

Steps = Callable[[Editor, Pilot[Any]], Awaitable[None]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file that is edited."""
    path = tmp_path / ".config" / "statusline" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("# mine\n")
    return path


def play(file: Path, steps: Steps, *, columns: int = 80, rows: int = 24) -> None:
    """Run the editor in a terminal of this size, and do the steps."""
    env = Environment({"HOME": str(file.parents[2]), "LANG": "C.UTF-8"})

    async def run() -> None:
        with project() as home:
            made = Editor(env, config_file.read(env), home)
            async with made.run_test(size=(columns, rows)) as pilot:
                await pilot.pause()
                await steps(made, pilot)
            assert made.failure is None

    asyncio.run(run())


def screen(editor: Editor) -> str:
    """What the terminal shows now."""
    strips = editor.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def link(editor: Editor, text: str) -> Link:
    """The word that can be clicked on."""
    return next(each for each in editor.query(Link) if text in str(each.render()))


def row(editor: Editor, key: str) -> Row:
    """The row of a key."""
    return next(each for each in editor.query(Row) if each.key == key)


def test_everything_can_be_clicked_on(file: Path) -> None:
    """Pages, states, choices and the keys below, for those who use a mouse."""

    async def steps(editor: Editor, pilot: Pilot[Any]) -> None:
        await pilot.click(row(editor, "ascii").field)
        await pilot.pause()
        assert editor._draft.text == "# mine\nascii = true\n"
        await pilot.click(link(editor, "undo"))
        await pilot.pause()
        assert editor._draft.text == "# mine\n"
        await pilot.click(link(editor, "style"))
        await pilot.pause()
        assert "style.normal: " in screen(editor)
        await pilot.click(link(editor, "offline"))
        await pilot.pause()
        assert "45m old" in screen(editor)
        await pilot.click(link(editor, "quit"))
        await pilot.pause()
        assert editor._exit

    play(file, steps)


def test_keys_that_come_all_at_once_are_taken_in_order(file: Path) -> None:
    """A pasted number met the screen's own answers halfway, and lost."""

    async def steps(editor: Editor, pilot: Pilot[Any]) -> None:
        keys = ["down", "down", "right", "left", "right", "pagedown"]
        await pilot.press(*keys)
        await pilot.press("down", "backspace", "backspace", "8", "5")
        await pilot.pause()
        assert "critical = 85\n" in editor._draft.text
        assert "width" not in editor._draft.text
        await pilot.press(*["ctrl+z"] * 4, *["ctrl+y"] * 4)
        await pilot.pause()
        assert "critical = 85\n" in editor._draft.text

    play(file, steps)


def test_a_choice_counts_every_key(file: Path) -> None:
    """The second of two quick keys chose what the first had chosen."""

    async def steps(editor: Editor, pilot: Pilot[Any]) -> None:
        field = row(editor, "preset").field
        assert isinstance(field, Choice)
        for _ in range(3):
            field.action_turn(1)
        await pilot.pause()
        assert editor._draft.text == '# mine\npreset = "powerline"\n'
        for by in (1, -1, -1):
            field.action_turn(by)
            await pilot.pause()
        assert editor._draft.text == '# mine\npreset = "two-line"\n'
        assert "‹ two-line ›" in screen(editor)

    play(file, steps)


def test_a_preset_sets_no_key_but_itself(file: Path) -> None:
    """What the fields then show would have been taken for something typed."""

    async def steps(editor: Editor, pilot: Pilot[Any]) -> None:
        await pilot.press("down", "down")
        for _ in range(12):
            await pilot.press("right")
        await pilot.press("pagedown", "pagedown", "pagedown", "pageup", "pageup", "pageup")
        await pilot.pause()
        assert editor._draft.text == '# mine\npreset = "default"\n'

    play(file, steps)


def test_a_format_may_have_several_lines_where_the_surface_has(file: Path) -> None:
    """Claude Code shows them; a prompt has one."""

    async def steps(editor: Editor, pilot: Pilot[Any]) -> None:
        editor.action_show_page("format")
        for key in ("format.claude", "format.zsh"):
            field = row(editor, key).field
            field.focus()
            await pilot.pause()
            await pilot.press("ctrl+a", "f7", "delete", *"<", "f2")
            await pilot.press(*"model", "enter")
            await pilot.press("enter", "f2")
            await pilot.press(*"dir.path", "enter")
            await pilot.pause()
        assert editor._draft.mistakes["format.zsh"][1] == "Only one line fits here."
        assert editor._draft.text == (
            '# mine\n\n[format]\nclaude = [\n  "<{model}",\n  "{dir.path}",\n]\nzsh = "<{model}"\n'
        )
        assert "<Opus 5.5\n~/src/statusline\n" in screen(editor)

    play(file, steps)


def test_a_mistake_that_is_in_the_file_is_named(file: Path) -> None:
    """It was there before; its field says so, and anything else can be changed."""
    file.write_text('width = "wide"\n')

    async def steps(editor: Editor, pilot: Pilot[Any]) -> None:
        row(editor, "width").field.focus()
        await pilot.pause()
        assert "line 1: width: must be a whole number" in screen(editor)
        editor.action_show_page("bar")
        await pilot.press("right")
        await pilot.pause()
        assert editor._draft.text == 'width = "wide"\n\n[bar]\nstyle = "line"\n'

    play(file, steps)


def test_every_key_has_its_field(file: Path) -> None:
    """A new key appears by itself, on the page of its table."""

    async def steps(editor: Editor, pilot: Pilot[Any]) -> None:
        for page in editor._pages:
            editor.action_show_page(page)
            await pilot.pause()
            assert editor.focused is not None
            for each in editor.query(Row):
                assert each.parent is not None
                assert each.parent.display is (each.page == page)

    play(file, steps, columns=60, rows=20)


def test_what_was_shown_is_what_is_written(file: Path) -> None:
    """Ctrl+Z behind the question took a line back that the file then lacked."""

    async def steps(editor: Editor, pilot: Pilot[Any]) -> None:
        editor._draft.type("width", "60")
        editor._draft.type("old_after_s", "300")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "+old_after_s = 300" in screen(editor)
        await pilot.press("ctrl+z")
        editor._draft.type("width", "70")  # a key that was still on its way
        await pilot.press("enter")
        await pilot.pause()
        assert editor._draft.text == "# mine\nwidth = 70\nold_after_s = 300\n"
        assert editor._draft.is_changed

    play(file, steps)
    assert file.read_text() == "# mine\nwidth = 60\nold_after_s = 300\n"


def test_a_dialog_has_the_keys_to_itself(file: Path) -> None:
    """Ctrl+S in the dialog stacked a second one, Ctrl+Q another question."""

    async def steps(editor: Editor, pilot: Pilot[Any]) -> None:
        await pilot.press("right", "ctrl+s")
        await pilot.pause()
        before, page = editor._draft.text, editor._page
        for key in ("ctrl+s", "ctrl+q", "ctrl+c", "ctrl+r", "f2", "pagedown"):
            await pilot.press(key)
            await pilot.pause()
            assert len(editor.screen_stack) == 2, key
        await pilot.press("escape")
        await pilot.pause()
        assert len(editor.screen_stack) == 1
        assert (editor._draft.text, editor._page) == (before, page)

    play(file, steps)


def test_quitting_asks_where_something_typed_would_be_lost(file: Path) -> None:
    """A format that was not right yet was gone with one key, and no question."""

    async def steps(editor: Editor, pilot: Pilot[Any]) -> None:
        editor._draft.type("format.default", "{five_huor}")
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert not editor._exit
        assert "Mistakes cannot be saved: format.default." in screen(editor)
        assert "review and save" not in screen(editor)
        await pilot.press("escape")
        await pilot.pause()
        assert editor._draft.shown("format.default") == "{five_huor}"
        await pilot.press("ctrl+q")
        await pilot.pause()
        await pilot.press("q")
        await pilot.pause()
        assert editor._exit

    play(file, steps)
