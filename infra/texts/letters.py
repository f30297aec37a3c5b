"""Letters as PDF/A, for archives: set by Typst from files that ship, with the page as data and never as markup.

The same page gives the same bytes. The fonts are our own; those of the machine are asked only for what they lack, such
as a name in Chinese.
"""

import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Final

import orjson
from font_roboto import Roboto
from typst import Compiler, Fonts, TypstError

from infra.texts.templates import TextUnfit

_FOLDER = Path(__file__).parent
LETTER, STATEMENT = "letter.typ", "statement.typ"
_STANDARD: Final = "a-2b"
# How the compiler says that no font has a sign.
_NO_GLYPH = "could not be displayed"


class Letters:
    """A compiler serves one thread: each has its own, with what it has read of the fonts."""

    def __init__(self, template: str = LETTER) -> None:
        self._source = (_FOLDER / template).read_bytes()
        self._own = threading.local()

    def pdf(self, page: Mapping[str, object], on: date) -> bytes:
        """Dated `on`. Raises `TextUnfit` for what cannot be set, as `no_glyph` where no font has a sign of it."""
        data = orjson.dumps(page).decode()
        try:
            return self._compiled(self._compiler(with_system_fonts=False), data, on)
        except TypstError as error:
            if _NO_GLYPH not in error.message:
                raise TextUnfit(f"the letter cannot be set: {error.message}") from None
        try:
            return self._compiled(self._compiler(with_system_fonts=True), data, on)
        except TypstError as error:
            why = f"there is no font for what the letter is to say: {error.message}; install one"
            raise TextUnfit(why, "no_glyph") from None

    def _compiled(self, compiler: Compiler, data: str, on: date) -> bytes:
        pdf = compiler.compile(
            self._source,
            format="pdf",
            sys_inputs={"data": data},
            pdf_standards=[_STANDARD],
            timestamp=datetime.combine(on, time(12), UTC),
        )
        assert isinstance(pdf, bytes), "one document is asked for, and no file"
        return pdf

    def _compiler(self, *, with_system_fonts: bool) -> Compiler:
        name = "with_system_fonts" if with_system_fonts else "plain"
        if not hasattr(self._own, name):
            fonts = self._all_fonts if with_system_fonts else self._fonts
            # Nothing but this folder can be read, whatever the letter says.
            setattr(self._own, name, Compiler(root=str(_FOLDER), font_paths=fonts))
        compiler: Compiler = getattr(self._own, name)
        return compiler

    @cached_property
    def _fonts(self) -> Fonts:
        return Fonts(include_system_fonts=False, font_paths=[str(Path(Roboto).parent)])

    @cached_property
    def _all_fonts(self) -> Fonts:
        return Fonts(include_system_fonts=True, font_paths=[str(Path(Roboto).parent)])
