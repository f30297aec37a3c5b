"""Typst with fonts that come along: pages are data for a source that ships, and nothing in them is read as markup.

The same data gives the same bytes. The fonts of the machine are asked only for what ours lack.
"""

import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import orjson
from typst import Compiler, Fonts, TypstError

# Packages of fonts: Latin, Greek and Cyrillic; Arabic and Hebrew; Thai and its neighbours; India; East Asia.
_PACKAGES = (
    "font_roboto",
    "justmytype_intl_rtl",
    "justmytype_intl_sea",
    "justmytype_intl_south_asia",
    "noto_cjk_sans_otc",
)
# By family, in the order in which they are looked through for a sign.
_FAMILIES = (
    "Roboto",
    *(f"Noto Sans {script}" for script in ("Hebrew", "Arabic", "Thai", "Lao", "Khmer", "Myanmar")),
    *(f"Noto Sans {script}" for script in ("Devanagari", "Bengali", "Tamil", "Telugu", "CJK JP")),
)
_FONTS = orjson.dumps(_FAMILIES).decode()
_STANDARD: Final = "a-2b"
_REMEMBERED = 11
# How the compiler says that no font has a sign.
_NO_GLYPH = "could not be displayed"


class NoGlyph(Exception):
    """No font has a sign of what is to be set."""


class Typesetter:
    """Pages of one source. A compiler serves one thread: each has its own, with what it has read of the fonts."""

    def __init__(self, source: Path):
        self._source, self._folder = source.read_bytes(), source.parent
        self._own = threading.local()

    def pdf(self, page: Mapping[str, object], on: date, *, is_archived: bool = True, is_tagged: bool = True) -> bytes:
        """Dated `on`, as PDF/A-2b. Raises `NoGlyph`, and `TypstError` for what cannot be set.

        What is not to be archived is no PDF/A where no font has a sign: a box stands for it. Tags serve those who
        listen to a page.
        """
        data = orjson.dumps(page).decode()
        try:
            return self._compiled(self._compiler(with_system_fonts=False), data, on, True, is_tagged)
        except TypstError as error:
            if _NO_GLYPH not in error.message:
                raise
        try:
            return self._compiled(self._compiler(with_system_fonts=True), data, on, is_archived, is_tagged)
        except TypstError as error:
            raise NoGlyph(error.message) from None

    def forget(self) -> None:
        """Gives up what the library keeps of pages it has set, hundreds of megabytes of long ones.

        It keeps what was of use to one of the last ten documents.
        """
        for _ in range(_REMEMBERED):
            self._compiler(with_system_fonts=False).compile(b"", format="pdf")

    def _compiled(self, compiler: Compiler, data: str, on: date, is_archived: bool, is_tagged: bool) -> bytes:
        pdf = compiler.compile(
            self._source,
            format="pdf",
            sys_inputs={"data": data, "fonts": _FONTS},
            pdf_standards=[_STANDARD] if is_archived else [],
            timestamp=datetime.combine(on, time(12), UTC),
            pdf_tags=is_tagged,
        )
        assert isinstance(pdf, bytes), "one document is asked for, and no file"
        return pdf

    def _compiler(self, *, with_system_fonts: bool) -> Compiler:
        name = "with_system_fonts" if with_system_fonts else "plain"
        if not hasattr(self._own, name):
            fonts = self._all_fonts if with_system_fonts else self._fonts
            # Nothing but this folder can be read, whatever a page says.
            setattr(self._own, name, Compiler(root=str(self._folder), font_paths=fonts))
        compiler: Compiler = getattr(self._own, name)
        return compiler

    @cached_property
    def _fonts(self) -> Fonts:
        return Fonts(include_system_fonts=False, font_paths=_folders())

    @cached_property
    def _all_fonts(self) -> Fonts:
        return Fonts(include_system_fonts=True, font_paths=_folders())


def _folders() -> list[str]:
    """Found without an import: the packages are looked at for their files alone."""
    specs = [find_spec(name) for name in _PACKAGES]
    return [str(Path(spec.origin).parent) for spec in specs if spec and spec.origin]
