import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from hypothesis import settings

from infra.embedded import Embedded
from infra.migrations import migrate
from tests import kafka

EXTERNAL = "RECEIVABLES_TEST_DATABASE_URL"
SAMPLES = Path(__file__).parents[2] / "shared" / "samples"

# Two busy cores make any one example slow now and then.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

_numbers = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees, or writes to, the ledger of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("RECEIVABLES_") and name != EXTERNAL:
                patch.delenv(name)
        patch.setenv("RECEIVABLES_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A server for all tests, where they may make databases: an embedded one, or the one that EXTERNAL names."""
    if external := os.environ.get(EXTERNAL):
        yield external
        return
    home = Path(tempfile.mkdtemp(prefix="receivables-tests-"))
    embedded = Embedded(home, linger_seconds=10)
    url = embedded.url("postgres")
    with psycopg.connect(url, autocommit=True) as admin:
        # A killed server loses nothing by it, only a machine without power would.
        admin.execute("alter system set fsync = off")
        admin.execute("select pg_reload_conf()")
    yield url
    embedded.stop()
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    name = f"receivables_test_{os.getpid()}_template"
    _run(server_url, f"create database {name} template template0")
    with psycopg.connect(_at(server_url, name), autocommit=True) as conn:
        migrate(conn)
    yield name
    _run(server_url, f"drop database {name} with (force)")


@pytest.fixture
def database_url(server_url: str, template: str) -> Iterator[str]:
    """A database of the test's own, with the ledger's schema and nothing in it."""
    yield from _database(server_url, template)


@pytest.fixture(scope="module")
def shared_database_url(server_url: str, template: str) -> Iterator[str]:
    """One database for all tests of a module."""
    yield from _database(server_url, template)


@pytest.fixture(scope="module")
def databases(server_url: str, template: str) -> Iterator[Callable[[], str]]:
    """As many as are asked for, each as `database_url`."""
    with ExitStack() as made:
        yield lambda: made.enter_context(contextmanager(_database)(server_url, template))


@pytest.fixture
def empty_database_url(server_url: str) -> Iterator[str]:
    """A database of the test's own, without a schema."""
    yield from _database(server_url, "template0")


@pytest.fixture(scope="session")
def broker() -> Iterator[str]:
    """The address of the Kafka that all tests share; `tests.kafka.fresh` empties it."""
    with kafka.started() as started:
        yield started.address


@pytest.fixture(name="kafka")
def emptied(broker: str) -> str:
    """The address of the Kafka that all tests share, with no topic and no group of ours left on it."""
    kafka.fresh(broker)
    return broker


@pytest.fixture
def own_broker() -> Iterator[kafka.OwnBroker]:
    """Starts brokers of the test's own, which it may kill and start again."""
    with kafka.many() as start:
        yield start


@pytest.fixture(scope="session")
def samples() -> Path:
    """The real histories and bank files that lie beside the checkout."""
    if not SAMPLES.is_dir():
        pytest.skip(f"the samples are not beside this checkout: {SAMPLES} is missing")
    return SAMPLES


def _database(server_url: str, template: str) -> Iterator[str]:
    name = f"receivables_test_{os.getpid()}_{next(_numbers)}"
    _run(server_url, f"create database {name} template {template}")
    yield _at(server_url, name)
    _run(server_url, f"drop database {name} with (force)")


def _run(url: str, command: str) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(command.encode())


def _at(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()
