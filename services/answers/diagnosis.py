"""What the doctor found, as plain data: what is configured, how far the views are, and how each check went."""

from typing import NotRequired, TypedDict

from services.answers.views import ViewLag, view_lag
from services.doctor import Check, Diagnosis


class Configuration(TypedDict):
    """Never a password. The server, the ledger and its position are known only when the database answers."""

    database_url: str
    mail: str
    kafka: list[str] | None
    home: str
    entity: str
    time_zone: str
    buckets: list[int]
    reporting_currency: str | None
    rates_file: str | None
    checkpoint_file: str
    master_key_file: str
    actor: str
    server: NotRequired[str]
    ledger_id: NotRequired[str]
    position: NotRequired[int]


class DiagnosedView(ViewLag):
    behind: int


class CheckAnswer(TypedDict):
    name: str
    state: str
    message: str


class DiagnosisAnswer(Configuration):
    views: list[DiagnosedView]
    is_well: bool
    checks: list[CheckAnswer]


def diagnosis_answer(diagnosis: Diagnosis) -> DiagnosisAnswer:
    return {
        **configuration(diagnosis),
        "views": [{**view_lag(lag), "behind": lag.facts} for lag in diagnosis.views],
        "is_well": diagnosis.is_well,
        "checks": [_check(check) for check in diagnosis.checks],
    }


def configuration(diagnosis: Diagnosis) -> Configuration:
    settings, found = diagnosis.settings, diagnosis.found
    configured: Configuration = {
        "database_url": found.database_url if found else settings.shown_database,
        "mail": settings.shown_mail,
        "kafka": list(settings.kafka) if settings.kafka else None,
        "home": str(settings.home),
        "entity": settings.entity,
        "time_zone": settings.time_zone,
        "buckets": list(settings.buckets),
        "reporting_currency": settings.reporting_currency,
        "rates_file": str(settings.rates_file) if settings.rates_file else None,
        "checkpoint_file": str(settings.checkpoint_file),
        "master_key_file": str(settings.master_key_file),
        "actor": settings.actor,
    }
    if found:
        configured["server"] = f"PostgreSQL {found.server_version}"
        configured["ledger_id"] = found.ledger_id
        configured["position"] = found.position
    return configured


def _check(check: Check) -> CheckAnswer:
    return {"name": check.name, "state": check.state, "message": check.message}
