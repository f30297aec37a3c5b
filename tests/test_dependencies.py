"""Packages whose parts are extras, or that are only looked at for their files: without them all goes well at first."""

from typst import Fonts

from infra.texts.typesetting import _FAMILIES, _folders


def test_faststream_comes_with_its_driver_for_kafka():
    from faststream.kafka import KafkaBroker

    assert KafkaBroker.__module__.startswith("faststream.kafka")


def test_every_family_of_fonts_that_pages_are_set_in_comes_along():
    assert {*_FAMILIES} <= {*Fonts(include_system_fonts=False, font_paths=_folders()).families()}
