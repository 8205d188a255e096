"""Databases and serialised data: lengths, types and neighbouring columns stand right beside the key."""

from __future__ import annotations

import marshal
import pickle
import plistlib
import sqlite3
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.places.model import Draw, Place

TABLE = "CREATE TABLE t (name TEXT, key TEXT, note TEXT)"
MANY = """WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 400)
    INSERT INTO t SELECT 'name' || n, 'value' || n, 'note' FROM c"""
COOKIES = "CREATE TABLE c (host TEXT, name TEXT, value TEXT, path TEXT)"
NUMBERED = "CREATE TABLE t (a INT, key TEXT)"
SQLITE = (
    ("columns back to back", TABLE, "INSERT INTO t VALUES ('alice', :key, 'prod')"),
    ("first column", "CREATE TABLE t (key TEXT, n INT)", "INSERT INTO t VALUES (:key, 7)"),
    ("only column", "CREATE TABLE t (key TEXT)", "INSERT INTO t VALUES (:key)"),
    ("after a number", "CREATE TABLE t (n INT, key TEXT, m INT)", "INSERT INTO t VALUES (65, :key, 66)"),
    ("digits beside it", TABLE, "INSERT INTO t VALUES ('user42', :key, '2026')"),
    ("many rows", TABLE, MANY, "INSERT INTO t VALUES ('bob', :key, 'live')"),
    ("in an index", TABLE, "CREATE INDEX i ON t (name, key)", "INSERT INTO t VALUES ('carol', :key, 'x')"),
    ("blob", "CREATE TABLE t (a TEXT, b BLOB)", "INSERT INTO t VALUES ('dave', CAST(:key AS BLOB))"),
    ("json column", "CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES ('{\"k\": \"' || :key || '\"}')"),
    ("long row", "CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES (printf('%.9000c', 'x') || ' ' || :key)"),
    ("deleted row", "PRAGMA secure_delete = OFF", NUMBERED, "INSERT INTO t VALUES (1, :key)", "DELETE FROM t"),
    ("cookies of a browser", COOKIES, "INSERT INTO c VALUES ('.a.example', 'session', :key, '/')"),
)  # fmt: skip


def sqlite(key: str, *statements: str) -> bytes:
    """Return a database in which these statements were run; `:key` in them is the key."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "db")
        base = sqlite3.connect(path)
        for statement in statements:
            base.execute(statement, {"key": key} if ":key" in statement else {})
            base.commit()
        base.close()
        return path.read_bytes()


def field(number: int, value: bytes) -> bytes:
    """Return a field of a protobuf message: tag, length and value. The tags of fields 8 to 15 are letters."""
    return bytes((number << 3 | 2, len(value))) + value


def protobufs(key: bytes) -> dict[str, bytes]:
    return {
        "field 2": field(1, b"freddy") + field(2, key) + field(3, b"x"),
        "next tag is a letter": field(8, b"freddy") + field(9, key) + field(10, b"prod") + field(12, b"x"),
        "last": b"\x08\x96\1" + field(15, key),
        "alone": field(1, key),
        "nested": field(1, field(1, b"name") + field(2, key)) + field(13, b"x"),
        "map": field(4, field(1, b"FREDDY_API_KEY") + field(2, key)) * 2,
    }


def sized(value: bytes) -> bytes:
    """Return a text after its length in four bytes."""
    return struct.pack("<I", len(value)) + value


def short(value: bytes) -> bytes:
    """Return a text after its length in one byte: `*` or `+` for a key."""
    return bytes((len(value),)) + value


def doubled(value: bytes) -> bytes:
    """Return a text as Avro has it, after its doubled length: a letter (`T` or `V`) for a key."""
    return bytes((len(value) << 1,)) + value


def records(key: bytes) -> dict[str, bytes]:
    """Return formats that are a few bytes around a text."""
    return {
        "msgpack/map": b"\x82\xa7api_key\xd9" + short(key) + b"\xa1n\1",
        "msgpack/number after it": b"\x92\xd9" + short(key) + b"\x41",
        "cbor/map": b"\xa2\x67api_key\x78" + short(key) + b"\x61n\1",
        "bson/document": b"\x60\0\0\0\2api_key\0" + sized(key + b"\0") + b"\x10n\0\1\0\0\0\0",
        "java/serialised": b"\xac\xed\0\5t\0" + short(key) + b"t\0\4prod",
        "avro/record": b"Obj\1\4" + doubled(b"alice") + doubled(key) + doubled(b"prod") + bytes(16),
        "parquet/column": b"PAR1\x15\0" + sized(b"alice") + sized(key) + sized(b"prod") + b"PAR1",
        "redis/dump": b"REDIS0011\xfe\0\0\3key" + short(key) + b"\0\4name\3app\xff" + bytes(8),
        "redis/append only": b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$%d\r\n%s\r\n" % (len(key), key),
        "leveldb/log": bytes(7) + b"\1\3key" + short(key) + b"\1\4name\3app",
        "gettext/catalogue": b"\xde\x12\x04\x95" + bytes(24) + b"key\0" + key + b"\0",
        "erlang/term": b"\x83\x6b\0" + short(key) + b"j",
    }


def objects(key: str) -> dict[str, Any]:
    return {"api_key": key, "n": 1, "name": "app", "more": [None, True, "xyz"]}


def pickles(key: str) -> dict[str, bytes]:
    found = {f"protocol {protocol}": pickle.dumps(objects(key), protocol) for protocol in (1, 2, 3, 4, 5)}
    found["bytes"] = pickle.dumps([key.encode(), b"x", None], 4)
    return {**found, "last": pickle.dumps(key, 4), "tuple": pickle.dumps((key, "N"), 2)}


def plists(key: str) -> dict[str, bytes]:
    return {
        "binary": plistlib.dumps({"Key": key, "Name": "app"}, fmt=plistlib.FMT_BINARY),
        "more after it": plistlib.dumps({"A": key, "B": "abcde", "C": ["x"]}, fmt=plistlib.FMT_BINARY, sort_keys=False),
        "data": plistlib.dumps({"K": key.encode(), "L": b"x"}, fmt=plistlib.FMT_BINARY),
        "xml": plistlib.dumps({"Key": key}),
    }


def marshals(key: str) -> dict[str, bytes]:
    return {
        "version 2": marshal.dumps(["a", key, None, 1], 2),
        "version 4": marshal.dumps({"k": key, "n": 2.5}, 4),
        "not interned": marshal.dumps([key + "", "x"], 4),
    }


def places(draw: Draw) -> Iterator[Place]:
    for name, *statements in SQLITE:
        key = draw.key()
        yield Place(f"sqlite/{name}", "a.db", sqlite(key, *statements), key)
    for length in (39, 40):
        for family, make in (("protobuf", protobufs), ("records", records)):
            for name in make(b""):
                key = draw.key(length)
                yield Place(f"{family}/{name}, {length}", "data.bin", make(key.encode())[name], key)
        for family, build in (("pickle", pickles), ("plist", plists), ("marshal", marshals)):
            for name in build("x"):
                key = draw.key(length)
                yield Place(f"{family}/{name}, {length}", "data.bin", build(key)[name], key)
    key = draw.key()
    yield Place("reach/pickle protocol 0", "p0.pkl", pickle.dumps(objects(key), 0), key, reach=True)
    key = draw.key()
    data = sqlite(key, "PRAGMA encoding = 'UTF-16le'", *SQLITE[0][1:])
    yield Place("reach/sqlite in utf-16", "wide.db", data, key, lambda data: data.replace(b"\0", b""), True)
