"""What is asked before something is written or lost, and the placeholders to choose from."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from statusline.settings.placeholders import PLACEHOLDERS
from statusline.system.text import printable

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


class SaveDialog(Screen[bool]):
    """Every line that will change, and a question."""

    BINDINGS: ClassVar = [
        Binding("enter,y", "answer(True)", "write it"),
        Binding("escape,n", "answer(False)", "back"),
    ]

    def __init__(self, diff: list[str], question: str, *, colored: bool) -> None:
        super().__init__()
        self._diff = diff
        self._question = question
        self._colored = colored

    def compose(self) -> ComposeResult:
        """Yield the diff, which scrolls, and the question below."""
        picture = Text()
        for line in self._diff:
            style = _STYLES.get(line[:1], "") if self._colored else ""
            picture.append(printable(line, kept="\t") + "\n", style)
        with VerticalScroll(id="diff"):
            yield Static(picture, markup=False)
        yield Static(self._question, id="question", markup=False)
        yield Static("Enter write it   Esc back", id="keys", markup=False)

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001  # a key's argument
        """Go back with the answer."""
        self.dismiss(answer)


class QuitDialog(Screen[str]):
    """There are changes that nobody has saved, or mistakes that cannot be."""

    BINDINGS: ClassVar = [
        Binding("s", "answer('save')", "save"),
        Binding("q,y", "answer('quit')", "quit"),
        Binding("escape,n", "answer('')", "back"),
    ]

    def __init__(self, mistakes: list[str], *, is_changed: bool) -> None:
        super().__init__()
        self._mistakes = mistakes
        self._is_changed = is_changed

    def compose(self) -> ComposeResult:
        """Yield what would be lost and the answers; there may be nothing to save."""
        lost = ["Your changes are not saved."] if self._is_changed else []
        if self._mistakes:
            lost.append(f"Mistakes cannot be saved: {', '.join(self._mistakes)}.")
        save = "s review and save   " if self._is_changed else ""
        yield Static(" ".join(lost), id="question", markup=False)
        yield Static(f"{save}q quit without saving   Esc back", id="keys")

    def action_answer(self, answer: str) -> None:
        """Go back with the answer."""
        self.dismiss(answer)


class Names(Static):
    """The placeholders that are left, one of them marked; a click takes one."""

    class Chosen(Message):
        """Somebody chose this placeholder."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__(id="names", markup=False)
        self._told = {**PLACEHOLDERS, "sep": ("the separator, only between two things", "·")}
        self._left: list[str] = []
        self._at = 0

    def narrow(self, word: str) -> None:
        """Leave those in which the word stands, names before meanings, and mark the first."""
        word = word.lower().strip("{}")
        found = [
            name for name, told in self._told.items() if word in " ".join((name, *told)).lower()
        ]
        self._left = sorted(
            found, key=lambda name: (name != word, not name.startswith(word), word not in name)
        )
        self.mark(0)

    def mark(self, at: int) -> None:
        """Mark one of them, and show it."""
        self._at = max(0, min(at, len(self._left) - 1))
        width = max(map(len, self._told)) + 3
        examples = max(len(example) for _what, example in self._told.values()) + 1
        lines = []
        for number, name in enumerate(self._left):
            what, example = self._told[name]
            line = Text(f"{{{name}}}".ljust(width), style="bold")
            line.append(example.ljust(examples), "not bold").append(
                what.replace("`", ""), "not bold"
            )
            if number == self._at:
                line.stylize("reverse")
            lines.append(line)
        picture = Text("\n").join(lines or [Text("none", style="dim")])
        picture.no_wrap = True
        self.update(picture)
        self.parent_scroll.scroll_to_region(Region(0, self._at, 1, 1), animate=False)

    @property
    def parent_scroll(self) -> VerticalScroll:
        """What the list scrolls in."""
        parent = self.parent
        assert isinstance(parent, VerticalScroll)  # noqa: S101  # composed so, below
        return parent

    def move(self, by: int) -> None:
        """Mark the next one, or the one before."""
        self.mark(self._at + by)

    def choose(self, at: int | None = None) -> None:
        """Take one, the marked one if no other is named."""
        at = self._at if at is None else at
        if at < len(self._left):
            self.post_message(self.Chosen(self._left[at]))

    def on_click(self, event: events.Click) -> None:
        """Take the one that was clicked on."""
        self.choose(event.y)


class Placeholders(Screen[str]):
    """Every placeholder with an example and its meaning; what is typed narrows the list."""

    BINDINGS: ClassVar = [
        Binding("escape", "back", "back"),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
    ]

    def compose(self) -> ComposeResult:
        """Yield the filter above, the list below."""
        yield Input(placeholder="type to search", id="search")
        with VerticalScroll(id="placeholders", can_focus=False):
            yield Names()
        yield Static("Enter insert   ↑ ↓ move   Esc back", id="keys", markup=False)

    def on_mount(self) -> None:
        """Show all of them."""
        self.query_one(Names).narrow("")
        self.query_one("#search", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self.query_one(Names).narrow(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the one that is marked."""
        event.stop()
        self.query_one(Names).choose()

    def on_names_chosen(self, event: Names.Chosen) -> None:
        """Go back with it."""
        self.dismiss(f"{{{event.name}}}")

    def action_move(self, by: int) -> None:
        """Go through the list while the cursor stays in the search."""
        self.query_one(Names).move(by)

    def action_back(self) -> None:
        """Insert nothing."""
        self.dismiss("")
