"""`python -m services.cli` is `receivables`."""

from services.cli import app

app()
