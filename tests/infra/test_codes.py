import pytest

from infra.codes import country_code, language_tag


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        (" de ", "DE"),
        ("DEU", "DE"),
        ("Germany", "DE"),
        ("DEUTSCHLAND", "DE"),
        ("Duitsland", "DE"),
        ("Tyskland", "DE"),
        ("UK", "GB"),
        ("USA", "US"),
        ("Norge", "NO"),
    ],
)
def test_a_country_is_read_by_code_and_by_name_in_four_languages(text, code):
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["", "EU", "ZZ", "UN", "XX", "Atlantis", "D", "YUG", "276"])
def test_what_is_no_country_or_not_one_alone_has_no_code(text):
    assert country_code(text) is None


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de_at", "de-AT"),
        ("German", "de"),
        ("Deutsch", "de"),
        ("Duits", "de"),
        ("no", "no"),
        ("Norwegian Bokmål", "nb"),
        ("fr", "fr"),
    ],
)
def test_a_language_is_read_by_tag_and_by_name_in_four_languages(text, tag):
    assert language_tag(text) == tag


@pytest.mark.parametrize("text", ["", "xx", "de-XX", "und", "mul", "Elvish tongue"])
def test_what_is_no_language_has_no_tag(text):
    assert language_tag(text) is None
