"""Versions of a policy: each is kept, none is ever edited."""

import pytest

from domain import policy as policies
from domain.policy import Published, publish, version_of
from domain.refusal import Refused
from tests.domain.ladders import GENERAL, altered
from tests.stories import given

QUIETER = altered(quiet_days=5)
FIRST, SECOND = Published(1, GENERAL), Published(2, QUIETER)


def test_a_policy_is_published_as_the_next_version():
    given().when(publish, policy=GENERAL).then(FIRST)
    given(FIRST).when(publish, policy=QUIETER).then(SECOND)


def test_the_same_again_changes_nothing_and_an_earlier_one_is_a_version_of_its_own():
    given(FIRST).when(publish, policy=GENERAL).then()
    given(FIRST, SECOND).when(publish, policy=GENERAL).then(Published(3, GENERAL))


def test_every_version_stays_what_it_was():
    known = policies.fold([FIRST, SECOND])
    assert known and (known.version, known.latest) == (2, QUIETER)
    assert (version_of(known, 1), version_of(known, 2)) == (GENERAL, QUIETER)


@pytest.mark.parametrize("version", [-1, 0, 3])
def test_a_version_that_was_never_published_is_unknown(version):
    with pytest.raises(Refused) as refusal:
        version_of(policies.fold([FIRST, SECOND]), version)
    assert refusal.value.code == "unknown_policy"
    with pytest.raises(Refused):
        version_of(None, 1)
