from domain import case as cases
from domain.case import assigning
from domain.case.facts import PolicyAssigned
from tests.stories import given

FIRST, SECOND = PolicyAssigned("strict", 1), PolicyAssigned("strict", 2)


def test_a_policy_is_assigned_to_an_invoice_whether_its_case_has_begun_or_not():
    given().when(assigning.assign_policy, policy="strict", version=1).then(FIRST)


def test_assigning_the_same_version_again_changes_nothing_and_another_one_moves_the_case():
    given(FIRST).when(assigning.assign_policy, policy="strict", version=1).then()
    given(FIRST).when(assigning.assign_policy, policy="strict", version=2).then(SECOND)
    case = cases.fold([FIRST, SECOND])
    assert case and case.pin == ("strict", 2)
