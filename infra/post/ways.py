"""Where messages go, by the settings: e-mails to a mail server or into files, letters into a folder to be printed."""

from infra.post.address import mailbox
from infra.post.letters import PrintFolder
from infra.post.maildir import Maildir
from infra.post.message import Transport
from infra.post.server import mail_server
from infra.post.smtp import Smtp
from infra.settings import Settings
from infra.unavailable import Unavailable

# A name that is nobody's (RFC 2606), where no sender is set.
NOBODYS_DOMAIN = "receivables.invalid"


def ways_out(settings: Settings, mail: Transport | None = None) -> dict[str, Transport]:
    """By channel; `mail` in place of what the settings say of e-mails."""
    outbox = settings.home / "outbox"
    return {"email": mail or _mail(settings), "letter": PrintFolder(outbox / "letters")}


def mail_domain(settings: Settings) -> str:
    """What Message-IDs end in, and what a mail server is told we are."""
    if settings.mail_sender is None:
        return NOBODYS_DOMAIN
    return mailbox(settings.mail_sender).address.partition("@")[2]


def _mail(settings: Settings) -> Transport:
    if settings.smtp_url is None:
        return Maildir(settings.home / "outbox" / "mail")
    if settings.mail_sender is None:
        raise Unavailable(
            "A mail server is set and no sender: set RECEIVABLES_MAIL_SENDER to the address that e-mails come from."
        )
    return Smtp(mail_server(settings.smtp_url), hello=mail_domain(settings))
