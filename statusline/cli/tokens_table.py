"""What ``statusline tokens`` draws on a terminal: a bar a row, split by models, and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from statusline.cli.tokens_text import COST, NUMBERS, Words
from statusline.tokens.report import Row, is_by_cost, weight

if TYPE_CHECKING:
    from statusline.cli.tokens_text import Line

_LEAST_BAR, _MOST_BAR = 8, 32
#: A name has so many cells at least beside a bar, and so many of its end before numbers give way.
_LEAST_LABEL, _FAIR_TAIL = 12, 24
#: How each model is drawn, by what it cost, the last one for all others; and the same in ASCII.
_SIGNS = (
    ("█", "#", "cyan"),
    ("▓", "=", "magenta"),
    ("▒", "+", "green"),
    ("░", "-", "bright_black"),
)
#: Rows that are shown; the others are the first ones, or the cheapest.
MOST_ROWS = 40


class TokenTable:
    """A listing as a table that fits any width from 40 cells on."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._listing = words.listing
        self._models = list(self._listing.total.models)
        rows = self._listing.rows
        self._by_cost = is_by_cost(rows)
        self._highest = max((weight(row.used, by_cost=self._by_cost) for row in rows), default=0.0)

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the title, the table, the legend and the notes."""
        yield Text.assemble(("Claude tokens", "bold"), f", {self._words.title}")
        yield Text()
        yield self._table(options.max_width)
        yield Text()
        yield self._legend()
        for note in self._words.notes():
            yield Text(note, style="dim")

    def _table(self, width: int) -> Table:
        rows, hidden = self._shown()
        lines = [self._words.line(row) for row in (*rows, self._listing.total)]
        titles = self._titles(lines, width)
        columns = [_numbers(line, titles) for line in lines]
        label_cells, bar_cells = _room(width - _taken(titles, columns), lines)
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        if bar_cells:
            table.add_column(no_wrap=True)
        for _ in titles:
            table.add_column(no_wrap=True, justify="right")
        bar = [""] if bar_cells else []
        table.add_row("", *bar, *(Text(title, style="dim") for title in titles))
        if hidden:
            table.add_row(Text(hidden, style="dim"))
        for row, line, numbers in zip(rows, lines, columns, strict=False):
            drawn = [self._bar(row, bar_cells)] if bar_cells else []
            table.add_row(self._name(line, label_cells), *drawn, *map(Text, numbers))
        table.add_row(*(Text(each, style="bold") for each in ("total", *bar, *columns[-1])))
        return table

    def _titles(self, lines: list[Line], width: int) -> list[str]:
        """Return the titles of the columns of numbers that there is room for."""
        about = [self._words.share_title] if self._words.share_title else []
        whole = [*NUMBERS, "total", *about, COST]
        left = width - _taken(whole, [_numbers(line, whole) for line in lines])
        longest = max(cell_len(line.label) for line in lines)
        fair = max(cell_len(line.head) for line in lines) + _FAIR_TAIL
        is_wide = left >= min(longest, fair) + 2 + _LEAST_BAR
        return whole if is_wide else whole[len(NUMBERS) :]

    def _shown(self) -> tuple[list[Row], str]:
        """Return the rows that there is room for, and what to say of the others."""
        rows = self._listing.rows
        count = len(rows) - MOST_ROWS
        if count <= 0:
            return rows, ""
        if self._listing.asked.by in ("model", "project"):
            return rows[:MOST_ROWS], f"{count} with less"
        return rows[-MOST_ROWS:], f"{count} earlier"

    def _name(self, line: Line, cells: int) -> Text:
        """Return a row's name in so many cells; of a longer one the end tells it from others."""
        if cell_len(line.label) <= cells:
            return Text(line.label)
        sign = "..." if self._words.settings.ascii else "…"
        keep = cells - cell_len(line.head) - len(sign)
        if keep <= 0:
            return Text(set_cell_size(line.head, cells))
        tail = line.tail
        while cell_len(tail) > keep:
            tail = tail[1:]
        return Text(f"{line.head}{sign}{tail}")

    def _bar(self, row: Row, cells: int) -> Text:
        """Return a bar as long as a row weighs, each model with its own sign and colour."""
        made = Text(no_wrap=True)
        whole = weight(row.used, by_cost=self._by_cost)
        length = round(whole / self._highest * cells) if self._highest else 0
        length = max(length, 1 if whole else 0)
        weighed = [0.0] * len(_SIGNS)
        for model, used in row.models.items():
            weighed[self._place(model)] += weight(used, by_cost=self._by_cost)
        done, so_far = 0, 0.0
        for (sign, in_ascii, style), each in zip(_SIGNS, weighed, strict=True):
            so_far += each
            until = round(so_far / whole * length) if whole else 0
            made.append((in_ascii if self._words.settings.ascii else sign) * (until - done), style)
            done = until
        return made

    def _place(self, model: str) -> int:
        return min(self._models.index(model), len(_SIGNS) - 1)

    def _legend(self) -> Text:
        """Say which sign is which model, and what the length of a bar is."""
        made = Text.assemble((f"bars: {'cost' if self._by_cost else 'tokens'}  ", "dim"))
        for place, (sign, in_ascii, style) in enumerate(_SIGNS[: len(self._models)]):
            name = self._words.safe(self._words.model(self._models[place]))
            others = len(self._models) - place
            if place == len(_SIGNS) - 1 and others > 1:
                name = f"{others} others"
            made.append(in_ascii if self._words.settings.ascii else sign, style)
            made.append(f" {name}  ", "dim")
        made.rstrip()
        return made


def _numbers(line: Line, titles: list[str]) -> list[str]:
    """Return the numbers of a row under these titles."""
    known = dict(zip(NUMBERS, line.numbers, strict=True))
    known |= {"total": line.total, COST: line.cost}
    return [known.get(title, line.share) for title in titles]


def _taken(titles: list[str], columns: list[list[str]]) -> int:
    """Return how many cells the numbers take, with the gap before each column."""
    return sum(max(map(len, cells)) + 2 for cells in zip(titles, *columns, strict=True))


def _room(width: int, lines: list[Line]) -> tuple[int, int]:
    """Return the cells of names and of bars, 0 where there is no room for any."""
    longest = max(cell_len(line.label) for line in lines)
    bar_cells = min(width - longest - 2, _MOST_BAR)
    if bar_cells >= _LEAST_BAR:
        return longest, bar_cells
    label_cells = width - _LEAST_BAR - 2
    if label_cells >= _LEAST_LABEL:
        return label_cells, _LEAST_BAR
    return max(width, 1), 0
