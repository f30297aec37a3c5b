"""The jars of Apache Kafka: brought once by Maven into a cache, and used only when each is the one we know."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from platformdirs import user_cache_path

from infra.unavailable import Unavailable

VERSION = "4.3.1"
_LIST = Path(__file__).with_name("jars.txt")
_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
# Without the second Kafka says nothing of why it ends.
_DEPENDENCIES = (
    ("org.apache.kafka", "kafka_2.13", VERSION),
    ("org.apache.logging.log4j", "log4j-slf4j-impl", "2.25.4"),
)
_PATIENCE_SECONDS = 900


class NotInstalled(Unavailable):
    """Java, Maven, or the network over which Maven fetches is not there."""


def cache() -> Path:
    return user_cache_path("receivables", appauthor=False) / f"kafka-{VERSION}"


def fetch(folder: Path) -> None:
    """Brings the jars into `folder` where it is not there yet, whole or not at all; many may ask at once."""
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_name(f"{folder.name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.is_dir():
            return
        new = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        try:
            _ask_maven(new)
            if wrong := _wrong(new / "jars"):
                raise Unavailable(
                    f"Maven has brought another {wrong} than the one that belongs to Apache Kafka {VERSION}. Remove it "
                    "from Maven's local repository, or have the mirror looked at that it came from."
                )
            (new / "jars").rename(folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def class_path(folder: Path) -> str:
    """For Java: the jars that are listed, and no other that may lie beside them."""
    if wrong := _wrong(folder):
        raise Unavailable(
            f"{folder / wrong} is missing, or is not the file that belongs to Apache Kafka {VERSION}: "
            "remove that folder, and it is fetched again."
        )
    return os.pathsep.join(str(folder / name) for name in _listed())


def _ask_maven(new: Path) -> None:
    maven = shutil.which("mvn")
    if not maven:
        raise NotInstalled(
            "Maven fetches Apache Kafka, and there is no mvn on the PATH: install it (on Debian and Ubuntu: "
            "apt-get install maven), or name a broker of yours by RECEIVABLES_KAFKA."
        )
    (new / "pom.xml").write_text(_pom())
    command = [maven, "-q", "-B", "-Dstyle.color=never", "-f", str(new / "pom.xml"), _GOAL]
    command += [f"-DoutputDirectory={new / 'jars'}", "-DincludeScope=runtime"]
    try:
        ended = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise NotInstalled(
            f"Maven did not fetch Apache Kafka {VERSION} within {_PATIENCE_SECONDS // 60} minutes."
        ) from None
    if ended.returncode:
        errors = re.findall(r"\[ERROR\] (.+)", ended.stdout) or ended.stdout.strip().splitlines()[-1:]
        reason = errors[0].rstrip(". ") if errors else "it gave no reason"
        raise NotInstalled(f"Maven does not fetch Apache Kafka {VERSION}: {reason}.")


def _pom() -> str:
    dependencies = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version></dependency>"
        for group, name, version in _DEPENDENCIES
    )
    return (
        "<project><modelVersion>4.0.0</modelVersion><groupId>receivables</groupId><artifactId>kafka</artifactId>"
        f"<version>1</version><dependencies>{dependencies}</dependencies></project>"
    )


def _wrong(folder: Path) -> str | None:
    """The first jar that is missing or is another."""
    for name, expected in _listed().items():
        try:
            content = (folder / name).read_bytes()
        except FileNotFoundError:
            return name
        if hashlib.sha256(content).hexdigest() != expected:
            return name
    return None


def _listed() -> dict[str, str]:
    lines = _LIST.read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}
