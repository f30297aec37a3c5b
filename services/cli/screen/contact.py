"""One contact as a person reads it."""

from datetime import tzinfo

from rich.console import Console

from services.answers.contacts import ContactAnswer
from services.cli.screen.answers import print_facts
from services.cli.screen.lines import print_pairs, print_rows, print_title


def print_contact(contact: ContactAnswer, console: Console, zone: tzinfo) -> None:
    print_title(f"Contact {contact['contact']}", console)
    code = f" ({contact['code'].replace('_', ' ')})" if contact["code"] else ""
    print_pairs(
        [
            ("customer", contact["customer"]),
            ("what", " by ".join(filter(None, (contact["kind"], contact["channel"])))),
            ("step", f"{contact['step']} of {contact['policy']}, version {contact['policy_version']}"),
            ("tone", f"{contact['tone']}, language {contact['language']}"),
            ("planned on", contact["planned_on"]),
            ("pay by", contact["pay_by"]),
            ("state", contact["state"] + code),
            ("message id", contact["message_id"]),
            ("sha256", contact["sha256"]),
        ],
        console,
    )
    print_rows(contact["about"], "About", console)
    console.print()
    print_title("Facts", console)
    print_facts(contact["facts"], console, zone)
