"""`receivables` as it is typed, in this process or in one of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
from typer.testing import CliRunner, Result

from services.cli import app

HOUSE = Path(__file__).parents[2]


class Terminal:
    def __init__(self, database_url: str, home: Path):
        self.environment = {"RECEIVABLES_DATABASE_URL": database_url, "RECEIVABLES_HOME": str(home)}
        self.home = home

    def run(self, *message: object, exits: Any = 0) -> Result:
        """In this process; an error that nobody foresaw fails the test."""
        typed = [str(word) for word in message]
        runner = CliRunner(env=self.environment)
        result = runner.invoke(app, typed, catch_exceptions=False, prog_name="receivables")
        assert exits in (..., None, result.exit_code), result.output
        return result

    def json(self, *message: object, exits: int = 0) -> Any:
        return orjson.loads(self.run(*message, "--format", "json", exits=exits).stdout)

    def refused(self, *message: object, exits: int = 1) -> tuple[str, str]:
        """Code and words of a refusal, which is all that is said."""
        result = self.run(*message, "--format", "json", exits=exits)
        assert result.stdout == ""
        said = orjson.loads(result.stderr)
        assert said.keys() == {"refused", "message"}
        return said["refused"], said["message"]

    def start(self, *message: object, **how: Any) -> subprocess.Popen[str]:
        """In a process of its own."""
        command = [sys.executable, "-m", "services.cli", *map(str, message)]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how
        return subprocess.Popen(command, cwd=HOUSE, env={**os.environ, **self.environment}, text=True, **pipes)
