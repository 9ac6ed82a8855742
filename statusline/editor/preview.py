"""The preview: what every surface shows with these settings, in one state or in all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from statusline.editor import last_stdin
from statusline.editor.fields import Link
from statusline.editor.lines import Row, rows
from statusline.editor.states import NUMBERS, State, states

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from statusline.settings.settings import Settings
    from statusline.system.environ import Environment

ALL = "all"


class Preview(Vertical):
    """Below the fields, as wide as the terminal: Claude Code's line is, too."""

    def __init__(self, env: Environment, home: str, *, colored: bool) -> None:
        super().__init__(id="preview")
        self._env = env
        self._colored = colored
        said = last_stdin.read(env, NUMBERS)
        self._states = states(home, said, env.home or home)
        self._chosen = self._states[0].name
        self._settings: Settings | None = None
        self._body = Static(id="lines", markup=False)

    def compose(self) -> ComposeResult:
        """Yield the states' names above, the lines below."""
        with Horizontal(id="states"):
            yield Static("preview ", classes="title", markup=False)
            for name in self.names:
                yield Link(f" {name} ", f"app.show_state('{name}')", name)
        with VerticalScroll(id="surfaces", can_focus=False):
            yield self._body

    @property
    def names(self) -> list[str]:
        """The states that there are to choose from."""
        return [*(state.name for state in self._states), ALL]

    def on_mount(self) -> None:
        """Mark the state that is shown."""
        self._draw()

    def on_resize(self) -> None:
        """Lay Claude Code's line out to the new width."""
        self._draw()

    def choose(self, name: str) -> None:
        """Show this state."""
        self._chosen = name
        self._draw()

    def turn(self, by: int) -> None:
        """Show the next state, or the one before."""
        names = self.names
        self.choose(names[(names.index(self._chosen) + by) % len(names)])

    def show(self, settings: Settings) -> None:
        """Show the lines that these settings make."""
        self._settings = settings
        self._draw()

    def _draw(self) -> None:
        if self._settings is None or not self.is_mounted:
            return
        for link in self.query(Link):
            link.set_class(link.word == self._chosen, "chosen")
        shown = [state for state in self._states if self._chosen in (state.name, ALL)]
        width = self.size.width or self._env.columns or 80
        found = rows(self._settings, self._env, shown, width, colored=self._colored)
        self._body.update(_picture(found, shown, is_all=self._chosen == ALL))


def _picture(found: list[Row], shown: list[State], *, is_all: bool) -> Text:
    """Return the surfaces' names, each above what it shows."""
    width = max(len(state.name) for state in shown)
    lines: list[Text] = []
    for row in found:
        lines.append(Text(row.title, style="dim"))
        for state, texts in zip(shown, row.lines, strict=True):
            for count, text in enumerate(texts):
                name = "" if count else state.name
                line = Text().append(f"{name:{width}} " if is_all else "", "dim")
                lines.append(line.append_text(Text.from_ansi(text)))
    picture = Text("\n").join(lines)
    picture.no_wrap = True
    return picture
