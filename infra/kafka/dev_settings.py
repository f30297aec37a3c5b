"""How the broker for trying out is set up: one node that keeps itself small, on ports of this machine alone."""

import random
import socket
from collections.abc import Mapping
from pathlib import Path

from infra.unavailable import Unavailable

HOST = "127.0.0.1"

# Below the ports that systems give to outgoing connections: none of those takes ours while the broker is down.
_PORTS = range(20_000, 32_000)

_SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    # Within the folder it runs in: a path of its own could hold a comma, which would make it two.
    "log.dirs": "data",
    "inter.broker.listener.name": "CLIENTS",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": "0",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    # One that was killed is let in again only when its last session is over.
    "broker.heartbeat.interval.ms": "500",
    "broker.session.timeout.ms": "3000",
    "log.segment.delete.delay.ms": "1000",
    "log.cleaner.dedupe.buffer.size": "16777216",
    "num.network.threads": "2",
    "num.io.threads": "4",
}
_LOGGING = {
    "appender.out.type": "Console",
    "appender.out.name": "out",
    "appender.out.layout.type": "PatternLayout",
    "appender.out.layout.pattern": "%d %p %c{1}: %m%n",
    "rootLogger.level": "warn",
    "rootLogger.appenderRef.out.ref": "out",
}


def write(folder: Path, address: str) -> None:
    """The files from which Kafka starts in `folder`, for clients that come to `address`."""
    controller = f"{HOST}:{free_port()}"
    listeners = {
        "listeners": f"CLIENTS://{address},CONTROLLER://{controller}",
        "advertised.listeners": f"CLIENTS://{address}",
        "controller.quorum.voters": f"1@{controller}",
    }
    (folder / "server.properties").write_text(_properties(_SETTINGS | listeners))
    (folder / "log4j2.properties").write_text(_properties(_LOGGING))


def free_port() -> int:
    for port in random.sample(_PORTS, 100):
        if is_free(port):
            return port
    raise Unavailable(f"Of 100 ports of {HOST} none is free: end what listens there.")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _properties(settings: Mapping[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in settings.items())
