"""The commands on dunning policies: one is published, and assigned to an entity, a customer or an invoice."""

from domain import customer as customers
from domain import entity as entities
from domain import policy as policies
from domain.case import Case, assigning
from domain.customer import Customer
from domain.entity import Entity
from domain.entry import invoice_stream
from domain.invoice import Invoice
from domain.invoice.state import require_issued
from domain.policy import Policies, policy_stream
from domain.refusal import Refused
from infra.policies.reading import read_policy
from infra.policies.shipped import first_version
from services.catalogue.command import Asked, Change, Command, Decided, Document, Permission, Reader, planned

KEEP_POLICIES = Permission.KEEP_POLICIES


def _publish(asked: Asked, reader: Reader, *, document: Document) -> Change:
    policy, name = read_policy(document, asked.day), asked.key["policy"]
    if policy.name != name:
        raise Refused("bad_policy", f"the document is that of policy {policy.name}, not {name}", "document")

    def decide(known: Policies | None) -> Decided:
        first = first_version(name, known)
        return {asked.stream: [*first, *policies.publish(known or policies.fold(first), policy=policy)]}

    return Change([asked.stream], decide, asked.day)


def _of_customer(asked: Asked, reader: Reader, *, policy: str | None = None) -> Change:
    def decide(customer: Customer | None, known: Policies | None = None) -> Decided:
        return {asked.stream: customers.assign_policy(customer, policy=policy), **_there(policy, known)}

    return Change([asked.stream, *_streams(policy)], decide, asked.day)


def _of_entity(asked: Asked, reader: Reader, *, policy: str | None = None) -> Change:
    def decide(entity: Entity | None, known: Policies | None = None) -> Decided:
        return {asked.stream: entities.assign_policy(entity, policy=policy), **_there(policy, known)}

    return Change([asked.stream, *_streams(policy)], decide, asked.day)


def _of_case(asked: Asked, reader: Reader, *, policy: str, version: int | None = None) -> Change:
    invoice = invoice_stream(asked.key["number"], asked.key["entity"])

    def decide(case: Case | None, about: Invoice | None, known: Policies | None) -> Decided:
        require_issued(about)
        published = _there(policy, known)
        there = known or policies.fold(published[policy_stream(policy)])
        nth = there.version if there and version is None else version or 0
        policies.version_of(there, nth)
        return {asked.stream: assigning.assign_policy(case, policy=policy, version=nth), **published}

    return Change([asked.stream, invoice, policy_stream(policy)], decide, asked.day)


def _streams(policy: str | None) -> list[str]:
    return [policy_stream(policy)] if policy else []


def _there(policy: str | None, known: Policies | None) -> dict[str, list[policies.Fact]]:
    """The first version of a policy that ships and was not used yet. Refuses `unknown_policy`."""
    if policy is None:
        return {}
    first = first_version(policy, known)
    if known is None and not first:
        message = f"there is no policy {policy[:40]!r}; `receivables policy list` lists them"
        raise Refused("unknown_policy", message, "policy")
    return {policy_stream(policy): first}


PUBLISH = planned(
    "policy.publish",
    _publish,
    "Publish a policy, as the next version of its name; cases that have begun stay on theirs.",
    KEEP_POLICIES,
)
OF_CUSTOMER = planned(
    "customer.policy",
    _of_customer,
    "Assign a dunning policy to the customer, or none; cases that have begun stay on theirs.",
    KEEP_POLICIES,
)
OF_ENTITY = planned(
    "entity.policy",
    _of_entity,
    "Assign a dunning policy to all customers of the entity who have none of their own, or none.",
    KEEP_POLICIES,
)
OF_CASE = planned(
    "case.policy",
    _of_case,
    "Assign a dunning policy to one invoice; a case that has begun is moved to it.",
    KEEP_POLICIES,
)

COMMANDS: tuple[Command[...], ...] = (PUBLISH, OF_CUSTOMER, OF_ENTITY, OF_CASE)
