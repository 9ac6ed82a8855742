"""The fields of the screen: one row for each key, with what can be chosen, typed or written."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from statusline.editor.choices import choices, suggestions, written

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from statusline.editor.draft import Draft

#: Up and down go from field to field; without these the list around them would scroll.
_UP_AND_DOWN = (
    Binding("up", "app.focus_previous", show=False),
    Binding("down", "app.focus_next", show=False),
)


class Typed(Message):
    """Somebody typed a text for a key, or chose a value (``choice``)."""

    def __init__(self, key: str, text: str, choice: object = None) -> None:
        super().__init__()
        self.key = key
        self.text = text
        self.choice = choice


class Link(Static):
    """A word that does something when it is clicked on: an action of the screen's."""

    def __init__(self, text: str | Text, action: str, name: str = "") -> None:
        super().__init__(text, classes="link", markup=False)
        self.word = name
        self._action = action

    async def on_click(self) -> None:
        """Do it."""
        await self.run_action(self._action)


class Choice(Static, can_focus=True):
    """One value of a list: left and right go through it, and so do a click and the blank."""

    BINDINGS: ClassVar = [
        *_UP_AND_DOWN,
        Binding("left", "turn(-1)", show=False),
        Binding("right,space,enter", "turn(1)", show=False),
    ]

    def __init__(self, key: str) -> None:
        super().__init__(classes="field", markup=False)
        self.key = key
        self._choices = choices(key)
        self._chosen = self._heard = ""

    def show(self, text: str) -> None:
        """Show the value that is in force."""
        if self._chosen not in (text, self._heard):
            return  # what was chosen last is still on its way
        self._chosen = self._heard = text
        self.update(Text(f"‹ {text} ›"))

    @staticmethod
    def _word(value: object) -> str:
        return value if isinstance(value, str) else written(value)

    def action_turn(self, by: int) -> None:
        """Choose the next value, or the one before."""
        words = [self._word(value) for value in self._choices]
        is_known = self._chosen in words
        at = (words.index(self._chosen) + by) % len(words) if is_known else 0
        self._chosen = words[at]
        self.update(Text(f"‹ {self._chosen} ›"))
        self.post_message(Typed(self.key, words[at], self._choices[at]))

    def heard(self, text: str) -> None:
        """Take note that this choice has been dealt with."""
        self._heard = text

    def on_click(self, event: events.Click) -> None:
        """The left sign goes back, anything else on."""
        self.action_turn(-1 if event.x < 2 else 1)


class Words(Input):
    """A short text or a number."""

    BINDINGS: ClassVar = [*_UP_AND_DOWN, Binding("enter", "app.focus_next", show=False)]

    def __init__(self, key: str) -> None:
        offered = suggestions(key)
        suggester = SuggestFromList(offered, case_sensitive=False) if offered else None
        super().__init__(classes="field", suggester=suggester, select_on_focus=False)
        self.key = key
        self._heard = ""

    def show(self, text: str) -> None:
        """Show the value that is in force."""
        if self.value not in (text, self._heard):
            return  # what was typed last is still on its way
        self._heard = text
        if self.value != text:
            with self.prevent(Input.Changed):  # nobody typed this
                self.value = text
            self.cursor_position = len(text)

    def heard(self, text: str) -> None:
        """Take note that this text, which was typed here, has been dealt with."""
        self._heard = text

    def on_input_changed(self, event: Input.Changed) -> None:
        """Hand on what was typed."""
        event.stop()
        self.post_message(Typed(self.key, event.value))


class Lines(TextArea):
    """A format: it wraps, and may have several lines."""

    def __init__(self, key: str) -> None:
        super().__init__(classes="field", soft_wrap=True)
        self.highlight_cursor_line = self.match_cursor_bracket = False
        self.key = key
        self._heard = ""

    def show(self, text: str) -> None:
        """Show the value that is in force."""
        if self.text not in (text, self._heard):
            return  # what was typed last is still on its way
        self._heard = text
        if self.text != text:
            with self.prevent(TextArea.Changed):  # nobody typed this
                self.load_text(text)
            if self.has_focus:
                self.move_cursor(self.document.end)

    def heard(self, text: str) -> None:
        """Take note that this text, which was typed here, has been dealt with."""
        self._heard = text

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Hand on what was typed."""
        event.stop()
        self.post_message(Typed(self.key, self.text))

    def action_cursor_up(self, select: bool = False) -> None:  # noqa: FBT001, FBT002  # Textual's
        """Go up, out of the field at its top."""
        if self.get_cursor_up_location() == self.cursor_location or not any(self.cursor_location):
            self.screen.focus_previous()
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:  # noqa: FBT001, FBT002  # Textual's
        """Go down, out of the field at its end."""
        if self.cursor_at_end_of_text:
            self.screen.focus_next()
        else:
            super().action_cursor_down(select)


class Row(Vertical):
    """A key's name, its field, where its value comes from, and what is wrong with it."""

    def __init__(self, key: str) -> None:
        super().__init__(classes="row")
        self.key = key
        if choices(key):
            self.field: Choice | Words | Lines = Choice(key)
        elif key.startswith("format."):
            self.field = Lines(key)
            self.add_class("-lines")
        else:
            self.field = Words(key)
        self._origin = Static(classes="origin", markup=False)
        self._mistake = Static(classes="mistake", markup=False)
        self._shown: object = None

    @property
    def page(self) -> str:
        """The table on whose page the key is, "" for the keys without one."""
        return self.key.partition(".")[0] if "." in self.key else ""

    def compose(self) -> ComposeResult:
        """Yield the row, and the line below it for a mistake."""
        with Horizontal(classes="line"):
            name = self.key.removeprefix(f"{self.page}.")
            yield Static(name, classes="name", markup=False)
            yield self.field
            yield self._origin
        yield self._mistake

    def show(self, draft: Draft, *, is_typed_into: bool = False) -> None:
        """Show what the draft says of this key; what is typed right now stays as it is typed."""
        said = draft.mistakes.get(self.key, ("", ""))[1]
        shown = draft.shown(self.key), draft.origin(self.key), said
        if not is_typed_into or isinstance(self.field, Choice):
            self.field.show(shown[0])
        if shown == self._shown:
            return
        self._shown = shown
        self._origin.update(Text(shown[1], style="bold" if shown[1] == "yours" else "dim"))
        self._mistake.update(Text(said))
        self._mistake.display = bool(said)


def row_of(widget: Widget | None) -> Row | None:
    """Return the row that a widget is in, ``None`` for none."""
    while widget is not None and not isinstance(widget, Row):
        parent = widget.parent
        widget = parent if isinstance(parent, Widget) else None
    return widget
