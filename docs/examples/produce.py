#!/usr/bin/env python3
"""Writes product events for Sluice from Python.

    pip install fastavro
    python3 produce.py events DIRECTORY     encodes the events below, one file each
    python3 produce.py send BROKERS REGISTRY TOPIC
                                            registers the schema, and sends them with kcat

Needs Python 3.9 or later and fastavro; sending needs kcat (apt-get install kcat, brew install
kcat) and nothing else. With confluent-kafka or kafka-python, take encode() and headers() over and
leave send() out.
"""
import io
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import urllib.request
import uuid
from datetime import datetime, timezone

import fastavro

NAMESPACE = "dev.sluice.avro"
SCHEMA_FILE = pathlib.Path(
    os.environ.get(
        "SLUICE_SCHEMA", pathlib.Path(__file__).resolve().parents[2] / "avro" / "ProductEvent.avsc"
    )
)
SCHEMA_TEXT = SCHEMA_FILE.read_text(encoding="utf-8")
SCHEMA = fastavro.parse_schema(json.loads(SCHEMA_TEXT))


def event(event_id, product_id, sequence, occurred_at, actor, type_, data):
    """One event. Give occurred_at with its time zone: fastavro writes it as milliseconds."""
    assert occurred_at.tzinfo is not None, "a time without a zone is not a moment"
    return {
        "eventId": event_id,
        "productId": product_id,
        "sequence": sequence,
        "occurredAt": occurred_at,
        "actor": actor,
        # Say it twice. The tuple chooses the branch of the union: a plain dict would become the
        # first branch that its fields fit, such as ProductSuspended for any {"reason": ...}.
        # `type` lets Sluice compare, should somebody take the tuple out again.
        "type": type_,
        "payload": (f"{NAMESPACE}.{type_}", data),
    }


def encode(event_, schema_id):
    """The value of a record in Confluent's wire format: a zero, the schema's id, the Avro bytes."""
    out = io.BytesIO()
    out.write(struct.pack(">bI", 0, schema_id))
    # strict: a misspelt field is an error, and not silently left out.
    fastavro.schemaless_writer(out, SCHEMA, event_, strict_allow_default=True)
    return out.getvalue()


def key(event_):
    """The key of a record: the productId in UTF-8, and nothing else."""
    return event_["productId"].encode("utf-8")


def headers():
    """Optional: Sluice carries the W3C trace context on to every command that the event causes."""
    return [("traceparent", f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01".encode("ascii"))]


def examples():
    """A product's life. `sequence` counts up per product; an event that is sent again keeps its own."""
    at = datetime(2026, 1, 5, 9, 0, tzinfo=timezone.utc)
    until = datetime(2099, 6, 30, 22, 0, tzinfo=timezone.utc)
    source = {"sourceId": "sales.orders", "sourceType": "Snowflake"}
    return [
        event("py-1", "p1", 1, at, "market", "ProductPublished",
              {"name": "Orders", "dataSources": [source]}),
        event("py-2", "p1", 2, at, "market", "AccessApproved",
              {"requestId": "r1", "userId": "ana", "approvedBy": "ben", "expiresAt": until}),
        event("py-3", "p1", 3, at, "market", "ProductSuspended", {"reason": "audit"}),
        event("py-4", "p1", 4, at, "market", "ProductResumed", {"reason": "audited"}),
        event("py-5", "p1", 5, at, "market", "AccessRevoked",
              {"requestId": "r1", "userId": "ana", "reason": "left"}),
        event("py-6", "p1", 6, at, "market", "ProductDeleted", {"reason": "retired"}),
    ]


def register(registry, topic):
    """The schema's id; registers it where the registry does not have it yet."""
    request = urllib.request.Request(
        f"{registry}/subjects/{topic}-value/versions",
        data=json.dumps({"schema": SCHEMA_TEXT}).encode("utf-8"),
        headers={"Content-Type": "application/vnd.schemaregistry.v1+json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["id"]


def send(brokers, topic, event_, schema_id):
    """Sends one event with kcat, which is librdkafka."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(encode(event_, schema_id))
        file.flush()
        command = ["kcat", "-P", "-b", brokers, "-t", topic, "-k", key(event_).decode("utf-8")]
        for name, value in headers():
            command += ["-H", f"{name}={value.decode('ascii')}"]
        for setting in (
            # Java's clients, Kafka Streams and Sluice itself hash the key so; librdkafka does not,
            # unless it is told to.
            "partitioner=murmur2_random",
            # Never twice and never out of order by the client's own doing.
            "enable.idempotence=true",
        ):
            command += ["-X", setting]
        subprocess.run(command + [file.name], check=True)


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "events":
        for number, one in enumerate(examples(), 1):
            pathlib.Path(arguments[1], f"{number}.avro").write_bytes(encode(one, 1))
    elif len(arguments) == 4 and arguments[0] == "send":
        _, brokers, registry, topic = arguments
        schema_id = register(registry, topic)
        for one in examples():
            send(brokers, topic, one, schema_id)
            print(f"sent {one['eventId']} {one['type']}")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
