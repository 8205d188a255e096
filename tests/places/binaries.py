"""Programs, memory dumps and recorded traffic: a key among bytes that are no text."""

from __future__ import annotations

import json
import marshal
import struct
from collections.abc import Callable, Iterator

from tests.places.model import Draw, Place

Make = Callable[[bytes], bytes]


def pyc(source: str) -> bytes:
    """Return a compiled module. A type byte follows every constant, and its length (`*` or `+`) stands before it."""
    return b"\xa7\x0d\x0d\x0a" + bytes(12) + marshal.dumps(compile(source, "app.py", "exec"))


def elf(key: bytes) -> bytes:
    """Return the start of a program: an ELF header, code, and a table of texts that end with NUL."""
    head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0x1000, 64, 0, 0, 64, 56, 0, 64, 0, 0)
    return head + b"\x55\x48\x89\xe5\xc3" * 400 + b"\0usage: %s\0" + key + b"\0CONFIG_PATH\0.shstrtab\0"


def pe(key: bytes) -> bytes:
    stub = b"MZ" + bytes(58) + struct.pack("<I", 128) + b"This program cannot be run in DOS mode.\r\r\n$"
    return (
        stub.ljust(128, b"\0") + b"PE\0\0\x64\x86" + bytes(400) + b".rdata\0\0" + bytes(99) + key + b"\0" + bytes(300)
    )


def java_class(key: bytes) -> bytes:
    """Return a class file: in its pool every text is a tag, a length of two bytes (`\0*` or `\0+`) and the text."""
    texts = (b"App", b"KEY", key, b"Code", b"java/lang/Object")
    pool = b"".join(b"\1" + struct.pack(">H", len(text)) + text for text in texts)
    return b"\xca\xfe\xba\xbe\0\0\0\x3d" + struct.pack(">H", len(texts) + 2) + pool + b"\x08\0\3" + bytes(20)


def wasm(key: bytes) -> bytes:
    data = b"hello\0" + key + b"\0%d items\n\0"
    segment = b"\1\0\x41\x80\x08\x0b" + bytes((len(data),)) + data
    return b"\0asm\1\0\0\0\1\4\1\x60\0\0" + b"\x0b" + bytes((len(segment),)) + segment


def pcap(key: bytes) -> bytes:
    """Return a recorded packet: Ethernet, IP and TCP headers, then an HTTP request."""
    request = b"GET /v1/x HTTP/1.1\r\nHost: api.aitronos.com\r\nX-API-Key: " + key + b"\r\n\r\n"
    packet = b"\2" * 12 + b"\x08\0\x45" + bytes(19) + b"\xc0\0\x01\xbb" + bytes(16) + request
    record = struct.pack("<IIII", 1_770_000_000, 0, len(packet), len(packet)) + packet
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + record * 2


def heap_dump(key: bytes) -> bytes:
    """Return a Java heap dump: a text record (id before it) and an array of bytes, whose length stands before it."""
    text = struct.pack(">BIIQ", 1, 0, len(key) + 8, 0x7F10) + key
    array = struct.pack(">BIIBQIIB", 0x1C, 0, len(key) + 18, 0x23, 0x7F20, 0, len(key), 8) + key
    return b"JAVA PROFILE 1.0.2\0\0\0\0\x08" + bytes(8) + text + array + b"\x2c" + bytes(8)


def dex(key: bytes) -> bytes:
    return b"dex\n035\0" + bytes(100) + b"\3App\0" + bytes((len(key),)) + key + b"\0\4Code\0"


def lua(key: bytes) -> bytes:
    return b"\x1bLua\x53\0" + bytes(20) + b"\4" + bytes((len(key) + 1,)) + key + b"\x13\1"


def mach_o(key: bytes) -> bytes:
    return b"\xcf\xfa\xed\xfe\7\0\0\1" + bytes(300) + b"__cstring\0" + key + b"\0"


def core(key: bytes) -> bytes:
    return b"\x7fELF\2\1\1" + bytes(200) + b"HOME=/root\0FREDDY_API_KEY=" + key + b"\0PATH=/bin\0"


def snapshot(key: bytes) -> bytes:
    return json.dumps({"strings": ["", "x", key.decode()]}).encode()


def pcapng(key: bytes) -> bytes:
    return b"\x0a\x0d\x0d\x0a" + bytes(24) + b"GET /?k=" + key + b" HTTP/1.1\r\n\r\n"


MAKERS: tuple[tuple[str, str, Make], ...] = (
    ("nul/in text", "a.txt", lambda key: b"some text\0and more\nkey=" + key + b"\n\0\0"),
    ("nul/first byte", "b.txt", lambda key: b"\0" + key),
    ("nul/padded record", "a.rec", lambda key: key.ljust(64, b"\0") * 2),
    ("programs/elf", "app", elf),
    ("programs/elf, .so", "libapp.so", lambda key: elf(key) + bytes(5000)),
    ("programs/pe", "app.exe", pe),
    ("programs/mach-o", "app.dylib", mach_o),
    ("programs/class", "App.class", java_class),
    ("programs/wasm", "app.wasm", wasm),
    ("programs/dex", "classes.dex", dex),
    ("programs/lua bytecode", "a.luac", lua),
    ("programs/object file", "a.o", lambda key: elf(key)[:64] + b"\0" + key + b"\0GCC: 12.2.0\0"),
    ("memory/java heap dump", "heap.hprof", heap_dump),
    ("memory/core dump", "core.123", core),
    ("memory/v8 heap snapshot", "a.heapsnapshot", snapshot),
    ("network/pcap", "a.pcap", pcap),
    ("network/pcapng", "a.pcapng", pcapng),
    ("unknown/extension", "a.qqq", lambda key: b"\1\2\3\xff" + key + b"\xfe\0"),
    ("unknown/no extension", "blob", lambda key: bytes(range(128, 256)) + key + bytes(range(128, 256))),
    ("unknown/named png", "logo.png", lambda key: b"\x89PNG\r\n\x1a\n" + bytes(40) + key + b"\0"),
)
MODULES = (
    ("constant", "KEY = '<key>'\n"),
    ("argument", "import os\nf(api_key='<key>', n=1)\n"),
    ("default", "def f(a, key='<key>', b=None, c=1.5): return a\n"),
    ("in a function", "def f():\n    return call('<key>')\n"),
    ("in a tuple", "K = ('one', '<key>', 'three', None, 7)\n"),
    ("in a dict", "K = {'name': 'x', 'key': '<key>', 'on': True}\n"),
    ("bytes", "K = b'<key>'\nL = b'x'\n"),
    ("in a longer text", "K = 'Bearer <key>'\nL = 1\n"),
    ("in a class", "class C:\n    key = '<key>'\n    n = 3\n"),
    ("twice", "A = '<key>'\ndef f(): return '<key>'\n"),
    ("joined by the compiler", "A = 'ak_' 'body'\nB = '<key>'\n"),
)
# Compilers that store texts back to back, with no byte between: letters of others on both sides.
BACK_TO_BACK: tuple[tuple[str, str, Make], ...] = (
    (
        "reach/go program",
        "app",
        lambda key: elf(b"x") + b"invalid argument" + key + b"runtime error: index" + bytes(40),
    ),
    ("reach/rust program", "app2", lambda key: elf(b"x") + b"src/main.rs" + key + b"called `Option`" + bytes(40)),
)


def places(draw: Draw) -> Iterator[Place]:
    for reach, table in ((False, MAKERS), (True, BACK_TO_BACK)):
        for kind, path, make in table:
            key = draw.key()
            yield Place(kind, path, make(key.encode()), key, reach=reach)
    for name, source in MODULES:
        for length in (39, 40):
            key = draw.key(length)
            yield Place(f"pyc/{name}, {length}", "a.cpython-311.pyc", pyc(source.replace("<key>", key)), key)
    for where in ("middle", "last byte", "after a megabyte"):
        key = draw.key()
        noise = draw.random.randbytes(1_000_000 if "mega" in where else 20_000) + b"\0"
        data = noise + key.encode() + (b"" if where == "last byte" else b"\0" + draw.random.randbytes(20_000))
        yield Place(f"noise/{where}", "noise.bin", data, key)
