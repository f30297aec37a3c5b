"""Approvals of texts: what is approved is a wording, by its hash."""

import pytest

from domain.refusal import Refused
from domain.text import Approved, Texts, approve, fold, text_stream

SHA, OTHER = "a1" * 32, "b2" * 32


def test_a_wording_is_approved_once():
    assert approve(None, "nl", sha256=SHA) == [Approved("nl", SHA)]
    assert approve(Texts(frozenset({SHA})), "nl", sha256=SHA) == []


def test_another_wording_needs_an_approval_of_its_own_and_takes_none_away():
    first = fold([Approved("nl", SHA)])
    assert first
    [second] = approve(first, "nl", sha256=OTHER)
    assert fold([Approved("nl", SHA), second]) == Texts(frozenset({SHA, OTHER}))


@pytest.mark.parametrize("hash_of_texts", ["", "a1", SHA.upper(), SHA + "a", "g" * 64, SHA + "\n"])
def test_what_is_no_content_hash_is_refused(hash_of_texts):
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "bad_hash"):
        approve(None, "nl", sha256=hash_of_texts)


def test_each_language_has_a_stream():
    assert text_stream("nb") == "text:nb"
    assert fold([]) is None
