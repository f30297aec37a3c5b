"""`receivables keys`: which keys there are and whether they fit, and a new master key."""

import typer
from rich.text import Text

from services.answers.keys import RotatedAnswer
from services.cli.ending import ENVIRONMENT
from services.cli.options import Form, Format
from services.cli.screen.lines import plain, print_pairs
from services.cli.screen.progress import progress
from services.cli.session import configured, guarded, opened, out, print_json

app = typer.Typer(
    help="The keys of the ledger: which there are, whether they fit; a new master key.",
    no_args_is_help=True,
    add_completion=False,
)


@app.command()
def show(form: Format = Form.table) -> None:
    """Say where each key is and whether it fits, never what is in it; exits 3 where one is missing or wrong."""
    with guarded(form), opened(configured(form)) as session:
        found = session.keys.show()
    master, personal, signing = found["master_key"], found["personal_keys"], found["checkpoint_key"]
    if form == Form.json:
        print_json(found)
    else:
        pairs = [
            ("master key", f"{master['state']}: {master['file']}"),
            *(("", f"of before a rotation: {file}") for file in master["old_files"]),
            ("personal keys", f"{personal['kept']:,} kept, {personal['destroyed']:,} destroyed"),
            ("checkpoint key", f"{signing['state']}: {signing['file']}"),
            ("its public half", signing["public_key"] or ""),
        ]
        print_pairs([(name, plain(value)) for name, value in pairs], out)
    if {master["state"], signing["state"]} & {"missing", "wrong"}:
        raise typer.Exit(ENVIRONMENT)


@app.command()
def rotate(form: Format = Form.table) -> None:
    """Make a new master key, and wrap the keys of all customers under it, in one transaction.

    What was encrypted stays as it is. It may be killed at any moment: the old key fits, or the new one.
    """
    with guarded(form), opened(configured(form)) as session, progress("wrapping keys"):
        rotated = session.keys.rotate()
    answer: RotatedAnswer = {"personal_keys": rotated.keys, "old_file": str(rotated.old_file)}
    if form == Form.json:
        print_json(answer)
        return
    out.print(Text(plain(f"{rotated.keys:,} personal keys are wrapped under a new master key: back the file up now.")))
    out.print(
        Text(plain(f"The old one is in {rotated.old_file}: delete it once no backup of the database needs it.")),
        soft_wrap=True,
    )
