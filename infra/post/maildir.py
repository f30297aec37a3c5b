"""A folder in which each mail is a file, for whatever program carries mail from there (a Maildir)."""

import re
from pathlib import Path

from infra.files.wholefile import make_folder, write_whole
from infra.post.message import Delivery, Message, Taken
from infra.post.trouble import on_disk

_ODD = re.compile(r"[^A-Za-z0-9@._-]")
LONGEST_NAME = 200


class Maildir:
    """Named after its Message-ID, so that the same message twice is one file."""

    def __init__(self, folder: Path):
        self.folder = folder

    def hand_over(self, message: Message) -> Delivery:
        path = self.folder / "new" / file_name(message.message_id)
        with on_disk(path) as trouble:
            for part in ("tmp", "new", "cur"):
                make_folder(self.folder / part)
            write_whole(path, message.data, drafts=self.folder / "tmp")
        return trouble.delivery or Taken()

    def close(self) -> None:
        pass


def file_name(message_id: str) -> str:
    """No colon, which is what a reader adds its marks after, and no dot in front."""
    return _ODD.sub("_", message_id.strip("<>"))[:LONGEST_NAME].lstrip(".") or "_"
