"""Opening the databases: the ledger's, and the reporting database, where a problem is one sentence with what to do."""

import psycopg

from infra.database import Pool, UnfitDatabase, open_pool
from infra.embedded import Embedded
from infra.migrations import migrate, migrations
from infra.settings import Settings, without_password
from infra.unavailable import Unavailable

# Seconds: of a server that is named we only learn whether it answers.
NAMED_WAIT = 5.0
REPORTING_DATABASE = "receivables_reporting"
LEDGER_HINT = "Set RECEIVABLES_DATABASE_URL to one that does, or unset it to use the embedded one."
REPORTING_HINT = "Set RECEIVABLES_REPORTING_URL to one that does, or unset it to leave reports to the ledger's own."
OF_ITS_OWN = "Set RECEIVABLES_REPORTING_URL to a database of its own, on the same server or another."


def reporting_address(settings: Settings, ledger_url: str | None) -> str:
    """Of the reporting database; where the ledger's is embedded (None), one beside it that is made if it is missing."""
    if settings.reporting_url:
        if settings.reporting_url == ledger_url:
            raise Unavailable(f"RECEIVABLES_REPORTING_URL names the database of the ledger itself. {OF_ITS_OWN}")
        return settings.reporting_url
    if ledger_url:
        raise Unavailable(f"No reporting database is set. {OF_ITS_OWN}")
    return Embedded(settings.home).database(REPORTING_DATABASE)


def opened_pool(url: str, wait_seconds: float, hint: str = LEDGER_HINT) -> Pool:
    """Raises `Unavailable`, with the hint."""
    try:
        return open_pool(url, wait_seconds=wait_seconds)
    except UnfitDatabase as unfit:
        raise Unavailable(_unfit(url, unfit)) from None
    except psycopg.Error as error:
        raise Unavailable(_no_answer(url, error, hint)) from None


def migrated(pool: Pool, url: str, hint: str = LEDGER_HINT) -> None:
    """Brings the schema up to date. Raises `Unavailable`, with the hint."""
    try:
        with pool.connection() as conn:
            migrate(conn)
    except UnfitDatabase as unfit:
        raise Unavailable(_unfit(url, unfit)) from None
    except psycopg.Error as error:
        raise Unavailable(_no_answer(url, error, hint)) from None


def bring_schema_up_to_date(settings: Settings) -> str:
    """For the role that owns the tables, where the program itself works as another; returns the last migration."""
    url = settings.database_url or Embedded(settings.home).url()
    with opened_pool(url, NAMED_WAIT) as pool:
        migrated(pool, url)
    return migrations()[-1].name


def _unfit(url: str, unfit: UnfitDatabase) -> str:
    return f"{without_password(url)}: {unfit}."


def _no_answer(url: str, error: psycopg.Error, hint: str) -> str:
    # The first line says why; what follows are questions, hints and the other ways that were tried.
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    reason = " ".join(first.split()).rstrip(".?")
    return f"The database {without_password(url)} does not let us in: {reason}. {hint}"
