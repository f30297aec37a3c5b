"""A folder of letters to be printed: a PDF each."""

from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from domain.kinds import key_of
from infra.files.wholefile import write_whole
from infra.post.message import Delivery, Message, Taken
from infra.post.trouble import on_disk

LONGEST_NAME = 200


class PrintFolder:
    """Named after its contact: `main+2025-09-08+letter+1+acme.pdf`, and `...+acme+2.pdf` when it is sent once more."""

    def __init__(self, folder: Path):
        self.folder = folder

    def hand_over(self, message: Message) -> Delivery:
        path = self.folder / file_name(message.contact, message.attempt)
        with on_disk(path) as trouble:
            write_whole(path, message.data)
        return trouble.delivery or Taken()

    def close(self) -> None:
        pass


def file_name(contact: str, attempt: int) -> str:
    """Whatever a customer's number is made of, it names no other folder and no other contact's letter."""
    parts = [quote(part, safe="") for part in key_of(contact).values()]
    if len(name := "+".join(parts)) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 17]}+{sha256(contact.encode()).hexdigest()[:16]}"
    return f"{name}{f'+{attempt}' if attempt > 1 else ''}.pdf"
