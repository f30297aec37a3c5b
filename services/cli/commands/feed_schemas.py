"""`receivables feed schemas`: the contract of the feed as files."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.session import guarded, out

Folder = Annotated[Path, typer.Option("--dir", help="Where they are written.")]


def schemas(folder: Folder = Path("schemas")) -> None:
    """Write the JSON Schema of every message, and the feed as AsyncAPI; what was released stays as it is.

    Where a message differs on the wire from what a file says of its version, nothing is written.
    """
    # FastStream takes longer to import than most commands to run.
    from services.feed import asyncapi, schema_files
    from services.feed.schemas import schemas as made

    with guarded():
        changed = schema_files.write(folder, made())
        (folder / asyncapi.FILE).write_bytes(schema_files.encoded(asyncapi.document()))
        out.print(f"{len(changed):,} schemas written to {folder}, and {asyncapi.FILE}")
