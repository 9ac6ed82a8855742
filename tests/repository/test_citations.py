"""What comments, docstrings and pages refer to is in the repository: pages, sections, case ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.support import cases
from tests.support.documents import ROOT

#: What may cite: the program, its hooks, the tests, the pages.
FOLDERS = ("statusline", "hooks", "tests", "docs")
FILES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "install.sh", "pyproject.toml")
SUFFIXES = {".py", ".sh", ".bash", ".zsh", ".fish", ".md", ".toml", ".c", ".json", ""}
#: A page of docs/, and the numbers of its sections that may follow.
CITATION = re.compile(
    r"\bdocs/([\w.-]+\.md)(?:,? (?:sections? )?(\d+(?:\.\d+)?(?:, \d+(?:\.\d+)?)*)(?![.,]?\w))?"
)
#: Working notes that no reader has.
NOTES = re.compile(
    r"\b(?:contract|reliability|design|reach|aesthetics)\.md|\bshared/|\bissue \d+ item",
    re.IGNORECASE,
)


def texts() -> Iterator[tuple[str, str]]:
    """Every file that may cite something but this one, with its text."""
    found = [ROOT / name for name in FILES]
    for folder in FOLDERS:
        found += [path for path in (ROOT / folder).rglob("*") if path.suffix in SUFFIXES]
    for path in found:
        skipped = {"data", "__pycache__"} & set(path.parts) or path == Path(__file__)
        if path.is_file() and not skipped:
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def flat(text: str) -> str:
    """A text in one line, without the signs that begin a comment's next line."""
    return re.sub(r"\s*\n\s*(?:#:? )?\s*", " ", text)


TEXTS = dict(texts())
CITATIONS = [
    (file, page, section)
    for file, text in TEXTS.items()
    for page, sections in CITATION.findall(flat(text))
    for section in (sections.split(", ") if sections else [""])
]


def has_section(page: Path, number: str) -> bool:
    """Whether a page has a heading with this number."""
    heading = rf"^#+ {re.escape(number)}\.? "
    return re.search(heading, page.read_text("utf-8"), re.MULTILINE) is not None


def test_every_citation_leads_to_a_page_and_a_section() -> None:
    """A section that was renumbered would leave comments that point to another one, or nowhere."""
    assert len(CITATIONS) > 60
    dead = [
        (file, page, section)
        for file, page, section in CITATIONS
        if not (ROOT / "docs" / page).is_file()
        or (section and not has_section(ROOT / "docs" / page, section))
    ]
    assert dead == []


def test_nothing_cites_what_a_reader_does_not_have() -> None:
    """A hundred comments cited working notes that are not in the repository."""
    assert [file for file, text in TEXTS.items() if NOTES.search(flat(text))] == []


ROWS, REASONS = cases.rows(cases.page()), cases.reasons(cases.page())
HELD = {
    test: names
    for test, names in cases.held().items()
    if not test.startswith(f"repository/{Path(__file__).name}")
}


def test_every_case_id_has_its_row() -> None:
    """Six hundred ids such as B18 belonged to a catalogue that nobody had."""
    known = {*ROWS, *REASONS}
    unknown = {(file, name) for file, text in TEXTS.items() for name in cases.ids(text) - known}
    assert unknown == set()


def test_an_id_has_a_test_or_a_reason_and_not_both() -> None:
    """A case could have been left out without a word, or excused although a test shows it."""
    assert [name for name, tests in ROWS.items() if not tests] == []
    assert [name for name, reason in REASONS.items() if len(reason) < 40 or "::" in reason] == []
    tested = {name for names in HELD.values() for name in names}
    assert sorted(REASONS.keys() & {*ROWS, *tested}) == []


def test_no_case_was_left_out() -> None:
    """Of the catalogue that the ids come from, forty cases had no row and nobody noticed."""
    assert cases.gaps([*ROWS, *REASONS]) == []


def test_every_test_that_a_row_names_exists() -> None:
    """A test that was renamed would leave a promise that nothing holds."""
    assert sorted(set().union(*ROWS.values()) - HELD.keys()) == []


def test_every_test_stands_in_the_rows_of_its_ids() -> None:
    """A new test of a known case would be missing from the page."""
    missing = [
        (name, test)
        for test, names in HELD.items()
        for name in names
        if test not in ROWS.get(name, ())
    ]
    assert sorted(missing) == []


def test_the_reader_of_tests_sees_their_ids(tmp_path: Path) -> None:
    """The check itself: ids in names, docstrings, parameters and tables; not those of a helper."""
    path = tmp_path / "test_sample.py"
    path.write_text(
        'TABLE = {"A01-x": 1}\n'
        'ROWS = [("A02", 2), ("x", "A09")]\n'
        'PARAMS = [pytest.param(0, id="A03-x")]\n'
        'def helper():\n    """A08."""\n'
        '@pytest.mark.parametrize("case", TABLE)\n'
        "@pytest.mark.parametrize('row', [*ROWS, *PARAMS])\n"
        'def test_b04_c05_sample(case):\n    """S06, A11-A13: so; M11.1 and V2B03 are none."""\n'
        "    helper()\n"
    )
    (found,) = cases.Module(path).tests().values()
    assert found == {"A01", "A02", "A03", "B04", "C05", "S06", "A11", "A12", "A13"}


def test_the_reader_of_the_page_tells_tests_from_reasons() -> None:
    """The check itself: a reason counts in its own section alone, and a gap is seen."""
    text = "\n- **A01** So.\n  `a/test_b.py::test_c`\n- **A03** Nothing.\n"
    text += "\n## What no test here can show\n\nHere:\n\n- **B02** No machine\n  has it.\n"
    assert cases.rows(text) == {"A01": {"a/test_b.py::test_c"}, "A03": set()}
    assert cases.reasons(text) == {"B02": "No machine has it."}
    assert cases.gaps([*cases.rows(text), *cases.reasons(text), "P2"]) == ["A02", "B01", "P1"]


def test_the_reader_of_citations_sees_their_sections() -> None:
    """The check itself: numbers that follow a page, over the end of a comment's line."""
    text = "so (docs/hosts.md 3.2, 4.1)\n#: and docs/config.md\n#: 1."
    text += " Or docs/export.md 2.1.330, docs/commands.md."
    assert CITATION.findall(flat(text)) == [
        ("hosts.md", "3.2, 4.1"),
        ("config.md", "1"),
        ("export.md", ""),
        ("commands.md", ""),
    ]
