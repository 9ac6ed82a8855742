"""What ``show --all`` prints: one table over all profiles, from their caches alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from statusline.cli.picture import shown, style_of
from statusline.login.credentials import Credentials
from statusline.overview.overview import Overview, look
from statusline.overview.profiles import Profile, found
from statusline.overview.words import ago_in_short
from statusline.segment import forecasts
from statusline.segment.humanize import duration
from statusline.segment.values import MAIN_WINDOWS, share, state_label
from statusline.system import clock
from statusline.usage.messages import SUBJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderResult

    from statusline.overview.overview import WindowRow
    from statusline.segment.view import Part
    from statusline.settings.settings import Settings
    from statusline.system.environ import Environment

#: Narrower than this, a profile takes lines of its own instead of a row.
WIDE_CELLS = 76
HEAD = ("", "plan", "5h", "resets in", "7d", "resets in", "seen", "state")
NOTHING = "No profile was found: there is no Claude directory."


@dataclass(frozen=True)
class Account:
    """One row: a profile, and what its cache says of it."""

    profile: Profile
    overview: Overview

    @property
    def name(self) -> str:
        """What the profile is called, with a star if it is the present one."""
        return f"{self.profile.name} *" if self.profile.is_present else self.profile.name

    @property
    def settings(self) -> Settings:
        """The settings in force for it."""
        return self.overview.settings

    def window(self, name: str) -> tuple[list[Part], str]:
        """Return what is used of a window with where it leads, and the time to its reset."""
        row = next((each for each in self.overview.rows if each.window == name), None)
        if row is None:
            return [("muted", "-")], ""
        if row.used_pct is None:
            return [("muted", "reset")], ""
        resets = "" if row.resets_in_s is None else duration(row.resets_in_s)
        return self._use(row, row.used_pct), resets

    def _use(self, row: WindowRow, used_pct: float) -> list[Part]:
        view = self.overview.view
        pace = [(role, f" {text}") for role, text in forecasts.pace(row.seen, view)]
        return [share(used_pct, view, row.window)[0], *pace]

    @property
    def seen(self) -> Part:
        """How old the oldest of its main numbers is, as role and text."""
        rows = [each for each in self.overview.rows if each.window in MAIN_WINDOWS]
        if not rows:
            return "muted", ""
        oldest = max(rows, key=lambda each: each.age_s)
        return "warning" if oldest.is_old else "muted", ago_in_short(oldest.age_s)

    @property
    def trouble(self) -> Part:
        """What is wrong, or will be soon, in a few words, as role and text; else "ok"."""
        code, view = self.overview.state, self.overview.view
        if code == "starting":
            return "warning", "no numbers yet"
        word = state_label(code, view).removeprefix(SUBJECT)
        if word:
            return "warning", word
        first = forecasts.first_to_fill(view)
        full = [] if first is None else forecasts.full(first, view)
        return ("warning", f"{first.label} {full[0][1]}") if first and full else ("", "ok")


@dataclass(frozen=True)
class AllAccounts:
    """All profiles at one moment, for people or for programs."""

    rows: list[Account]

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield a table, or lines where there is no room for one."""
        if not self.rows or options.max_width < WIDE_CELLS:
            for line in self.plain_lines():
                yield Text(line)
            return
        yield Text("Claude usage", style="bold")
        yield Text()
        yield self._table()

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        for head in HEAD:
            table.add_column(no_wrap=head in HEAD[2:7])
        settings = self.rows[0].settings
        table.add_row(*(_text([("muted", head)], settings) for head in HEAD))
        for row in self.rows:
            name = _text([("", row.name)], row.settings)
            name.stylize("bold")
            cells = [name, _text([("", row.overview.known.snapshot.plan or "-")], row.settings)]
            for window in MAIN_WINDOWS:
                use, resets = row.window(window)
                cells += [_text(use, row.settings), _text([("", resets)], row.settings)]
            cells += [_text([row.seen], row.settings), _text([row.trouble], row.settings)]
            table.add_row(*cells)
        return table

    def plain_lines(self) -> Iterator[str]:
        """Yield one line a profile, without colours."""
        if not self.rows:
            yield NOTHING
        widest = max((len(row.name) for row in self.rows), default=0)
        for row in self.rows:
            said = []
            for label, window in zip(("5h", "7d"), MAIN_WINDOWS, strict=True):
                use, resets = row.window(window)
                text = f"{label} {''.join(part for _role, part in use)}"
                said.append(f"{text} resets in {resets}" if resets else text)
            known = (row.overview.known.snapshot.plan, row.seen[1], row.trouble[1])
            line = f"{row.name:{widest}}  {'  '.join(said)}  ({', '.join(filter(None, known))})"
            yield shown(line, row.settings)

    def to_json(self) -> list[dict[str, object]]:
        """Return the documented list (docs/accounts.md)."""
        return [
            {
                "profile": row.profile.name,
                "is_present": row.profile.is_present,
                "is_kept_only": row.profile.claude_dir is None,
                "show": row.overview.to_json(),
            }
            for row in self.rows
        ]


def look_at_all(env: Environment) -> AllAccounts:
    """Return what every profile's cache says now; no login is read."""
    unread, now = Credentials(state="found"), clock.now()
    return AllAccounts(
        [Account(each, Overview(look(each.env, unread), now)) for each in found(env)]
    )


def _text(parts: list[Part], settings: Settings) -> Text:
    made = Text()
    for role, text in parts:
        made.append(shown(text, settings), style=style_of(role, settings))
    return made
