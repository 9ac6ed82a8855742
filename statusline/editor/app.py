"""The screen of ``config edit``: fields above, the preview below, a diff before it writes."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import App
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from statusline.editor import config_file
from statusline.editor.dialogs import Placeholders, QuitDialog, SaveDialog
from statusline.editor.draft import Draft, default_of
from statusline.editor.fields import Lines, Link, Row, Typed, row_of
from statusline.editor.preview import Preview
from statusline.editor.screen import CSS
from statusline.settings.keys import KEYS
from statusline.system.errors import FixableError
from statusline.system.text import below_home, printable

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from statusline.editor.config_file import ConfigFile
    from statusline.system.environ import Environment

#: What the last row says of the keys: the key, what it does, its action.
HINTS = (
    ("^S", "save", "save"),
    ("^Q", "quit", "leave"),
    ("^Z", "undo", "undo"),
    ("^Y", "redo", "redo"),
    ("^R", "default", "unset"),
    ("F2", "insert", "placeholders"),
    ("F3", "state", "state(1)"),
    ("PgDn", "page", "page(1)"),
)
#: What stands beside the file's name takes so many cells.
_STATE_CELLS = 40
#: A default of more characters would push what it is about away.
_SHORT = 30
#: The page of the keys that stand in no table.
GENERAL = "general"


class Editor(App[None]):
    """One file, every key of it, and what each change looks like.

    ``home`` is what ``states.project`` has made for the preview.
    """

    ENABLE_COMMAND_PALETTE = False
    CSS = CSS
    BINDINGS: ClassVar = [
        Binding("ctrl+s", "save", priority=True),
        Binding("ctrl+z", "undo", priority=True),
        Binding("ctrl+y", "redo", priority=True),
        Binding("ctrl+r", "unset", priority=True),
        Binding("f2", "placeholders", priority=True),
        Binding("f3", "state(1)", priority=True),
        Binding("f4", "state(-1)", priority=True),
        Binding("ctrl+up", "scroll_preview(-1)", priority=True),
        Binding("ctrl+down", "scroll_preview(1)", priority=True),
        Binding("pageup", "page(-1)", priority=True),
        Binding("pagedown", "page(1)", priority=True),
        Binding("ctrl+q,ctrl+c", "leave", priority=True),
    ]

    def __init__(
        self, env: Environment, file: ConfigFile, home: str, *, colored: bool = True
    ) -> None:
        super().__init__(ansi_color=True)
        self._env = env
        self._file = file
        self._home = home
        self._colored = colored
        self._draft = Draft(file.text, env)
        self._rows = {key: Row(key) for key in KEYS}
        self._pages = list(dict.fromkeys(row.page for row in self._rows.values()))
        self._page = ""

    def compose(self) -> ComposeResult:
        """Yield the file's name, the pages, their fields, the help, the preview and the keys."""
        yield Static(id="file", markup=False)
        with Horizontal(id="pages"):
            for page in self._pages:
                yield Link(f" {page or GENERAL} ", f"app.show_page('{page}')", page)
        for page in self._pages:
            with VerticalScroll(classes="page", can_focus=False):
                yield from (row for row in self._rows.values() if row.page == page)
        yield Static(id="help", markup=False)
        yield Preview(self._env, self._home, colored=self._colored)
        with Horizontal(id="hints"):
            for key, name, action in HINTS:
                text = Text(key, style="bold").append(f" {name}  ", "not bold")
                yield Link(text, f"app.{action}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Refuse every action of the screen's while a dialog is open: the answer comes first."""
        return len(self.screen_stack) <= 1 and super().check_action(action, parameters)

    def on_mount(self) -> None:
        """Show everything; a signal ends it through Textual, which restores the terminal."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self.exit)
        self.action_show_page("")

    def action_show_page(self, page: str) -> None:
        """Show the fields of one table."""
        self._page = page
        for name, scroll in zip(self._pages, self.query(".page"), strict=True):
            scroll.display = name == page
        self._show(anew=True)
        next(row for row in self._rows.values() if row.page == page).field.focus()

    def action_page(self, by: int) -> None:
        """Show the next table, or the one before."""
        at = (self._pages.index(self._page) + by) % len(self._pages)
        self.action_show_page(self._pages[at])

    def _show(self, message: str = "", *, anew: bool = False) -> None:
        """Show what has come of a change; ``anew``: also in the field that is typed into."""
        focused = row_of(self.focused)
        for row in self._rows.values():
            if row.page == self._page:
                row.show(self._draft, is_typed_into=row is focused and not anew)
        wrong = {self._rows[key].page for key in self._draft.mistakes}
        for link in self.query_one("#pages").query(Link):
            link.set_class(link.word == self._page, "chosen")
            link.set_class(link.word in wrong, "wrong")
        self.query_one(Preview).show(self._draft.loaded.settings)
        self._say(message)
        self._say_help()
        if focused is not None and focused.key in self._draft.mistakes:
            self.call_after_refresh(focused.scroll_visible, animate=False)

    def _say(self, message: str) -> None:
        """Show a message beside the file's name, or what there is to know of the file."""
        state = "new file" if self._file.data is None else ""
        state = "changed, not saved" if self._draft.is_changed else state
        if count := len(self._draft.mistakes):
            left_out = f"{count} mistake{'s' if count > 1 else ''} left out"
            state = f"{state}; {left_out}" if self._draft.is_changed else left_out
        where = below_home(self._file.path, self._env.home)
        if len(where) > self.size.width - _STATE_CELLS:
            where = os.path.basename(where)
        name = Text(where, style="bold")
        name.append(f"  {printable(message) or state}", "not bold")
        self.query_one("#file", Static).update(name)

    def _say_help(self) -> None:
        row = row_of(self.focused)
        if row is None:
            return
        told = Text(f"{row.key}: {KEYS[row.key].what.replace('`', '')}", style="dim")
        default = Draft.typed(default_of(row.key), row.key)
        if 0 < len(default) < _SHORT:
            told.append(f" (default: {default})")
        for problem in self._draft.loaded.problems:
            if problem.key == row.key:
                told = Text(f"{problem}. {problem.fix}", style="bold")
        self.query_one("#help", Static).update(told)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field is for; its first change begins a step of its own."""
        row = row_of(event.widget)
        if row is not None:
            row.add_class("-here")
            self._draft.close()
            self._say_help()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Show in a field that was left what is in force."""
        row = row_of(event.widget)
        if row is not None:
            row.remove_class("-here")
            row.show(self._draft)

    def on_typed(self, event: Typed) -> None:
        """Apply what was typed, and show it."""
        self._rows[event.key].field.heard(event.text)
        if event.choice is not None:
            self._draft.set(event.key, event.choice)
        else:
            self._draft.type(event.key, event.text)
        self._show()

    def action_unset(self) -> None:
        """Let the default be in force."""
        row = row_of(self.focused)
        if row is not None:
            self._draft.unset(row.key)
            self._show(f"{row.key} is not set", anew=True)

    def action_undo(self) -> None:
        """Take the last step back."""
        self._show("undone" if self._draft.undo() else "nothing to undo", anew=True)

    def action_redo(self) -> None:
        """Do again what was taken back."""
        self._show("redone" if self._draft.redo() else "nothing to redo", anew=True)

    def action_state(self, by: int) -> None:
        """Show the preview in the next state, or in the one before."""
        self.query_one(Preview).turn(by)

    def action_show_state(self, name: str) -> None:
        """Show the preview in this state."""
        self.query_one(Preview).choose(name)

    def action_scroll_preview(self, by: int) -> None:
        """Scroll the preview, where it is longer than its place."""
        self.query_one("#surfaces", VerticalScroll).scroll_relative(y=by, animate=False)

    def action_placeholders(self) -> None:
        """Insert a placeholder into the format that is being written."""
        field = self.focused
        if not isinstance(field, Lines):
            self._say("placeholders go into formats")
            return

        def insert(chosen: str | None) -> None:
            if chosen:
                field.insert(chosen)

        self.push_screen(Placeholders(), insert)

    def action_save(self) -> None:
        """Show what would change, and ask."""
        if not self._draft.is_changed:
            self._say("there is nothing to save")
            return
        where = below_home(self._file.path, self._env.home)
        if self._file.target != self._file.path:
            where += f" -> {below_home(self._file.target, self._env.home)}"
        question = f"Write {where}?"
        if self._draft.mistakes:
            question += f" Left out because of mistakes: {', '.join(self._draft.mistakes)}."
        dialog = SaveDialog(self._draft.diff(where), question, colored=self._colored)
        text = self._draft.text

        def write(answer: bool | None) -> None:  # noqa: FBT001  # a dialog's answer
            if answer:
                self._write(text)

        self.push_screen(dialog, write)

    def _write(self, text: str) -> None:
        """Write what was shown, whatever has become of the draft since."""
        try:
            self._file = config_file.write(self._env, self._file, text)
        except FixableError as error:
            self._say("not saved")
            told = Text(printable(str(error)), style="bold")
            self.query_one("#help", Static).update(told)
            return
        self._draft.saved = text
        self._say("saved")

    def action_leave(self) -> None:
        """Quit; ask where something would be lost."""
        if not self._draft.is_unsaved:
            self.exit()
            return

        def leave(answer: str | None) -> None:
            if answer == "quit":
                self.exit()
            elif answer == "save":
                self.action_save()

        dialog = QuitDialog(list(self._draft.mistakes), is_changed=self._draft.is_changed)
        self.push_screen(dialog, leave)

    @property
    def failure(self) -> Exception | None:
        """What ended the program unexpectedly, ``None`` if nothing did."""
        return self._exception

    def _fatal_error(self) -> None:
        """Leave the report to whoever called: Textual's own prints every local variable."""
        self._close_messages_no_wait()
