#!/usr/bin/env python3
"""Carries out Sluice's commands from Python, and answers each with a result.

    pip install fastavro confluent-kafka
    python3 carry_out.py source PLATFORM TYPE ID     adds a source to the platform for trying out
    python3 carry_out.py run BROKERS REGISTRY PLATFORM NAME [TOPIC_PREFIX]
    python3 carry_out.py show PLATFORM               lists who can read what on that platform

PLATFORM is an SQLite file that stands for your platform: replace the class Platform. The rest keeps
the order, and survives a crash at any point. NAME is the name of this process: unique among the
processes that share the work, and the same after a restart.
"""
import io
import json
import os
import pathlib
import signal
import sqlite3
import struct
import sys
import time
import urllib.request

import fastavro

AVRO = pathlib.Path(
    os.environ.get("SLUICE_AVRO", pathlib.Path(__file__).resolve().parents[2] / "avro")
)
COMMANDS_AT_ONCE = 500


class Failure(Exception):
    """Why a command is not carried out. Its message is published: no passwords in it."""

    def __init__(self, error_class, code, message):
        super().__init__(f"{error_class} {code}: {message}")
        self.error_class, self.code, self.message = error_class, code, message


def order(command):
    """Commands of one user and source are ordered first by epoch, then by revision."""
    return command["epoch"], command["revision"]


class Platform:
    """THE PART TO REPLACE: what carries out one command."""

    def __init__(self, file):
        # Whole seconds of waiting for another process are no error.
        self.db = sqlite3.connect(file, timeout=10, isolation_level=None)
        self.db.execute("CREATE TABLE IF NOT EXISTS sources (type, id, PRIMARY KEY (type, id))")
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS access (user, type, id, action, epoch, revision,"
            " PRIMARY KEY (user, type, id))"
        )

    def has(self, source_type):
        """Whether sources of this type are on this platform."""
        found = self.db.execute("SELECT 1 FROM sources WHERE type=?", (source_type,))
        return found.fetchone() is not None

    def carry_out(self, command):
        """Gives or takes the access; may come again with the same command, after a crash.

        Returns False if a newer command was carried out before; then nothing was changed.
        """
        try:
            # One writer at a time: commands about one source are in several partitions, and so may
            # come to several processes at once. Elsewhere a lock of the source does.
            self.db.execute("BEGIN IMMEDIATE")
            try:
                done = self._change(command)
                self.db.execute("COMMIT")
                return done
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as e:
            raise Failure("RETRYING", "SQLITE", str(e)) from e
        except sqlite3.Error as e:
            raise Failure("PERMANENT", "SQLITE", str(e)) from e

    def _change(self, command):
        user, source = command["userId"], (command["sourceType"], command["sourceId"])
        if not self.db.execute("SELECT 1 FROM sources WHERE type=? AND id=?", source).fetchone():
            if command["action"] == "REVOKE":
                return True  # nobody can read what does not exist
            raise Failure("NEEDS_PERSON", "NO_SUCH_SOURCE", "the source does not exist")
        last = self.db.execute(
            "SELECT epoch, revision FROM access WHERE user=? AND type=? AND id=?", (user, *source)
        ).fetchone()
        if last is not None and last > order(command):
            return False
        # The access and the memory of it change in one step, so that a crash cannot part them.
        self.db.execute(
            "INSERT OR REPLACE INTO access VALUES (?, ?, ?, ?, ?, ?)",
            (user, *source, command["action"], *order(command)),
        )
        # Confirmed is only what was seen: a platform whose REVOKE may succeed without an effect is
        # asked here whether the access is gone. An SQL table is not such a platform.
        return True

    def access(self):
        return self.db.execute("SELECT user, type, id FROM access WHERE action='GRANT'").fetchall()


class Registry:
    """Values in the schema registry's wire format: a zero, the schema's id in four bytes, Avro."""

    def __init__(self, url):
        self.url = url
        self.schemas, self.ids = {}, {}
        command = json.loads((AVRO / "AccessCommand.avsc").read_text(encoding="utf-8"))
        result = json.loads((AVRO / "AccessResult.avsc").read_text(encoding="utf-8"))
        self.command = fastavro.parse_schema(command)
        # AccessResult names an enum of AccessCommand. The registry wants it written out.
        enum = next(f["type"] for f in command["fields"] if f["name"] == "action")
        for field in result["fields"]:
            if field["type"] == enum["name"]:
                field["type"] = enum
        self.result_text = json.dumps(result)
        self.result = fastavro.parse_schema(result)

    def call(self, path, body=None):
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode("utf-8"),
            headers={"Content-Type": "application/vnd.schemaregistry.v1+json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def read(self, value):
        """The command; None where the bytes are none.

        A schema that the registry does not give ends the process: it may be the registry's fault.
        """
        if len(value) < 5 or value[0] != 0:
            return None
        (schema_id,) = struct.unpack(">I", value[1:5])
        if schema_id not in self.schemas:
            text = self.call(f"/schemas/ids/{schema_id}")["schema"]
            self.schemas[schema_id] = fastavro.parse_schema(json.loads(text))
        try:
            return fastavro.schemaless_reader(
                io.BytesIO(value[5:]), self.schemas[schema_id], self.command
            )
        except Exception:  # pylint: disable=broad-except
            return None

    def write(self, subject, result):
        if subject not in self.ids:
            answer = self.call(f"/subjects/{subject}/versions", {"schema": self.result_text})
            self.ids[subject] = answer["id"]
        out = io.BytesIO()
        out.write(struct.pack(">bI", 0, self.ids[subject]))
        fastavro.schemaless_writer(out, self.result, result, strict=True)
        return out.getvalue()


class CarryOut:
    """Ends with an exception where it cannot go on. Start it again then: nothing is lost."""

    def __init__(self, brokers, registry, platform, name, prefix=""):
        # Only here: `source` and `show` need no Kafka.
        from confluent_kafka import Consumer, Producer

        self.platform, self.registry, self.name = Platform(platform), Registry(registry), name
        self.commands, self.results = prefix + "access-commands", prefix + "access-results"
        self.consumer = Consumer({
            "bootstrap.servers": brokers,
            "group.id": prefix + "carry-out",
            # After a crash the next start has its partitions at once, and not when the session of
            # the dead process ends.
            "group.instance.id": name,
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
        })
        self.producer = Producer({"bootstrap.servers": brokers, "enable.idempotence": True})
        self.waiting = {}  # by user, type and id: what is not carried out yet
        self.next = {}  # by partition: the offset after the last record that was read
        self.read_to_end = set()  # partitions that were read to their end once
        self.committed = {}
        self.stopped = False

    def run(self):
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "stopped", True))
        forget = lambda _, partitions: self.forget(partitions)
        self.consumer.subscribe([self.commands], on_assign=forget, on_revoke=forget)
        while not self.stopped:
            for number in range(COMMANDS_AT_ONCE):
                message = self.consumer.poll(0 if number else 0.2)
                if message is None:
                    break
                self.take(message)
            self.carry_out_what_is_due()
            self.commit()
        self.consumer.close()

    def forget(self, partitions):
        gone = {p.partition for p in partitions}
        self.waiting = {k: w for k, w in self.waiting.items() if w["partition"] not in gone}
        self.read_to_end -= gone
        for of in (self.next, self.committed):
            for partition in gone:
                of.pop(partition, None)

    def take(self, message):
        """The newest command of a user and source replaces an older one that waits."""
        from confluent_kafka import KafkaError, KafkaException

        if message.error():
            if message.error().code() == KafkaError._PARTITION_EOF:
                self.read_to_end.add(message.partition())
            elif message.error().fatal() or not message.error().retriable():
                raise KafkaException(message.error())
            return
        self.next[message.partition()] = message.offset() + 1
        if message.value() is None:
            return
        command = self.registry.read(message.value())
        if command is None:
            place = f"{message.topic()}-{message.partition()} at offset {message.offset()}"
            print(f"left out, since it is no command: {place}", file=sys.stderr, flush=True)
            return
        if not self.platform.has(command["sourceType"]):
            return  # for another program, which answers it
        # Not by the record's key: a topic from earlier versions of Sluice has keys of two forms.
        pair = command["userId"], command["sourceType"], command["sourceId"]
        known = self.waiting.get(pair)
        if known is None or order(command) > order(known["command"]):
            self.waiting[pair] = {
                "command": command, "attempts": 0, "due": 0.0,
                "key": message.key(), "partition": message.partition(), "offset": message.offset(),
            }

    def carry_out_what_is_due(self):
        now = time.monotonic()
        # Only where the partition was read to its end once: before that, a GRANT may be older than
        # a REVOKE that is still to be read.
        due = [
            pair for pair, one in self.waiting.items()
            if one["due"] <= now and one["partition"] in self.read_to_end
        ]
        for pair in due[:COMMANDS_AT_ONCE]:
            one = self.waiting.pop(pair)
            one["attempts"] += 1
            try:
                if self.platform.carry_out(one["command"]):
                    self.answer(one, "APPLIED")
                # Else a newer one was carried out, and whoever did that answers it.
            except Failure as failure:
                print(f"failed: {one['command']}: {failure}", file=sys.stderr, flush=True)
                self.answer(one, "FAILED", failure)
                if failure.error_class != "PERMANENT":
                    # Behind the others, so that these do not wait for it.
                    retrying = failure.error_class == "RETRYING"
                    one["due"] = now + (min(60, 2 ** one["attempts"]) if retrying else 60)
                    self.waiting[pair] = one

    def answer(self, one, outcome, failure=None):
        """Under the key and in the partition of the command."""
        from confluent_kafka import KafkaException

        same = ("userId", "sourceType", "sourceId", "action", "epoch", "revision")
        result = {
            **{name: one["command"][name] for name in same},
            "outcome": outcome,
            "errorClass": failure and failure.error_class,
            "code": failure and failure.code,
            "message": failure and failure.message,
            "attempts": one["attempts"],
            "at": int(time.time() * 1000),
            "executor": self.name,
        }

        def delivered(error, _):
            if error is not None:
                raise KafkaException(error)

        self.producer.produce(
            self.results,
            partition=one["partition"],
            key=one["key"],
            value=self.registry.write(self.results + "-value", result),
            on_delivery=delivered,
        )

    def commit(self):
        """Offsets only after the results: a crash between them repeats results, and loses none."""
        from confluent_kafka import TopicPartition

        # Up to the first command of each partition that waits: the next start reads it again.
        offsets = dict(self.next)
        for one in self.waiting.values():
            offsets[one["partition"]] = min(one["offset"], offsets[one["partition"]])
        self.producer.flush()
        if offsets and offsets != self.committed:
            places = [TopicPartition(self.commands, p, o) for p, o in offsets.items()]
            self.consumer.commit(offsets=places, asynchronous=False)
            self.committed = offsets


def main(arguments):
    if len(arguments) in (5, 6) and arguments[0] == "run":
        CarryOut(*arguments[1:]).run()
    elif len(arguments) == 4 and arguments[0] == "source":
        Platform(arguments[1]).db.execute("INSERT OR IGNORE INTO sources VALUES (?, ?)", arguments[2:])
    elif len(arguments) == 2 and arguments[0] == "show":
        for row in Platform(arguments[1]).access():
            print("\t".join(row))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
