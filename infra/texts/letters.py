"""Letters as PDF/A, for archives: set from files that ship, with the page as data and never as markup."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from typst import TypstError

from infra.texts.templates import TextUnfit
from infra.texts.typesetting import NoGlyph, Typesetter

LETTER, STATEMENT = "letter.typ", "statement.typ"


class Letters:
    def __init__(self, template: str = LETTER) -> None:
        self._typesetter = Typesetter(Path(__file__).with_name(template))

    def pdf(self, page: Mapping[str, object], on: date) -> bytes:
        """Dated `on`. Raises `TextUnfit` for what cannot be set, as `no_glyph` where no font has a sign of it."""
        try:
            return self._typesetter.pdf(page, on)
        except TypstError as error:
            raise TextUnfit(f"the letter cannot be set: {error.message}") from None
        except NoGlyph as missing:
            why = f"there is no font for what the letter is to say: {missing}; install one"
            raise TextUnfit(why, "no_glyph") from None
