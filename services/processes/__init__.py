"""The workers there are, by name; one file each."""

from services.processes.escalator import ESCALATOR
from services.processes.inbox import INBOX
from services.processes.messenger import MESSENGER
from services.processes.projector import PROJECTOR
from services.processes.publisher import PUBLISHER

PROCESSES = {process.name: process for process in (PROJECTOR, ESCALATOR, MESSENGER, PUBLISHER, INBOX)}
