"""docs/glossary.md explains terms that the code uses, in the order of the alphabet."""

import re
from pathlib import Path

HOUSE = Path(__file__).parents[1]
TERMS = re.findall(r"^- \*\*(.+?)\*\*:", (HOUSE / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_terms_stand_in_the_order_of_the_alphabet():
    assert TERMS
    assert sorted(TERMS, key=str.lower) == TERMS


def test_every_term_is_one_that_the_code_uses():
    rooms = ("domain", "projections", "infra", "services")
    files = (file for room in rooms for ending in ("py", "sql") for file in (HOUSE / room).rglob(f"*.{ending}"))
    code = _plain(" ".join(file.read_text(encoding="utf-8") for file in files))
    terms = [_plain(term) for entry in TERMS for term in entry.split(", ")]
    # A name in code joins words by an underscore or by nothing: AsOfPosition.
    assert [term for term in terms if term not in code and term.replace(" ", "") not in code] == []


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.lower())
