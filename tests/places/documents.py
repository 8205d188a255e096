"""Office files, PDF and pictures: as the programs that write them do."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Callable, Iterator

from tests.places.archives import reads
from tests.places.boxes import ZIP, read_zip
from tests.places.model import Draw, Place

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# The part of a zipped document that holds the text, and what stands in it.
OFFICE = (
    ("docx/paragraph", "a.docx", "word/document.xml", f'<w:document xmlns:w="{WORD}"><w:t><key></w:t></w:document>'),
    ("docx/sentence", "b.docx", "word/document.xml", "<w:t xml:space='preserve'>The key is <key>, live. </w:t>"),
    ("docx/comment", "c.docx", "word/comments.xml", "<w:comment><w:t><key></w:t></w:comment>"),
    ("docx/footnote", "d.docx", "word/footnotes.xml", "<w:t><key></w:t>"),
    ("docx/link", "e.docx", "word/_rels/document.xml.rels", '<Relationship Target="https://a.example/?k=<key>"/>'),
    ("docx/properties", "f.docx", "docProps/core.xml", "<dc:description><key></dc:description>"),
    ("xlsx/shared strings", "a.xlsx", "xl/sharedStrings.xml", "<sst><si><t><key></t></si></sst>"),
    ("xlsx/inline", "b.xlsx", "xl/worksheets/sheet1.xml", '<c t="inlineStr"><is><t><key></t></is></c>'),
    ("xlsx/formula", "c.xlsx", "xl/worksheets/sheet2.xml", '<c><f>HYPERLINK("?k=<key>")</f></c>'),
    ("pptx/slide", "a.pptx", "ppt/slides/slide1.xml", "<a:r><a:t><key></a:t></a:r>"),
    ("pptx/notes", "b.pptx", "ppt/notesSlides/notesSlide1.xml", "<a:t><key></a:t>"),
    ("odt/text", "a.odt", "content.xml", "<text:p>key <key></text:p>"),
    ("odt/ods", "a.ods", "content.xml", '<table:table-cell office:string-value="<key>"/>'),
    ("odt/odp", "a.odp", "content.xml", "<text:span><key></text:span>"),
    ("epub", "a.epub", "OEBPS/chapter1.xhtml", "<p><key></p>"),
)
RTF = (
    ("rtf/plain", "{\\rtf1\\ansi The key is <key>.\\par}"),
    ("rtf/after a control word", "{\\rtf1\\ansi\\b <key>\\b0\\par}"),
    ("rtf/in a group", "{\\rtf1\\ansi{\\f0\\fs24 <key>}}"),
    ("rtf/new line", "{\\rtf1\\ansi\n<key>\\line\n}"),
)


def places(draw: Draw) -> Iterator[Place]:
    for kind, path, part, text in OFFICE:
        key = draw.key()
        files = {"[Content_Types].xml": b"<Types/>", part: f'<?xml version="1.0"?>{_pad(draw)}{text}'.encode()}
        data = ZIP.pack({name: content.replace(b"<key>", key.encode()) for name, content in files.items()})
        yield Place(kind, path, data, key, reads(read_zip))
    for kind, text in RTF:
        key = draw.key()
        yield Place(kind, "a.rtf", text.replace("<key>", key).encode(), key)
    yield from _pdf(draw)
    yield from _pictures(draw)
    yield from _reach(draw)


def _pad(draw: Draw) -> str:
    return "".join(f"<x>{draw.word()}</x>" for _ in range(200))


def pdf(*streams: tuple[bytes, bytes], info: bytes = b"(nothing)") -> bytes:
    """Return a PDF with these streams, each with its filter, and a title."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]
    objects.append(b"<< /Title " + info + b" >>")
    for filters, data in streams:
        named = b" /Filter " + filters if filters else b""
        objects.append(b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), named, data))
    out, offsets = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"trailer << /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + tail


def inflated(data: bytes) -> bytes:
    """Return all streams of a PDF, decompressed, and what stands outside of them."""
    parts = re.split(rb"stream\n(.*?)\nendstream", data, flags=re.DOTALL)
    return b"\n".join(zlib.decompressobj().decompress(part) if part[:1] == b"x" else part for part in parts)


FLATE = b"/FlateDecode"


def deflated(*others: tuple[bytes, bytes], name: bytes = FLATE, level: int = 6) -> Callable[[bytes], bytes]:
    """Return how to put a text into a compressed stream, after some others."""
    return lambda text: pdf(*others, (name, zlib.compress(text, level)))


def titled(text: bytes) -> bytes:
    return pdf(info=text)


PAGE = b"BT /F1 12 Tf 72 720 Td (The key is <key>.) Tj ET\n"
PDF: tuple[tuple[str, bytes, Callable[[bytes], bytes]], ...] = (
    ("plain stream", PAGE, lambda text: pdf((b"", text))),
    ("flate stream", PAGE, deflated()),
    ("flate stream, level 0", PAGE, deflated(level=0)),
    ("flate stream, level 9", b"BT (line) Tj T* ET\n" * 3000 + PAGE, deflated(level=9)),
    ("flate stream in an array", PAGE, deflated(name=b"[/FlateDecode]")),
    ("short name of the filter", PAGE, deflated(name=b"/Fl")),
    ("third of three streams", PAGE, deflated((FLATE, zlib.compress(b"a" * 99)), (b"", b"q Q"))),
    ("object stream", b"7 0 8 60 << /A (x) >> << /K (<key>) >>", deflated(name=FLATE + b" /Type /ObjStm")),
    ("attachment", b"PORT=1\nFREDDY_API_KEY=<key>\n", deflated(name=FLATE + b" /Type /EmbeddedFile")),
    ("script", b"app.alert('<key>');", deflated()),
    ("title", b"(Key <key>)", titled),
    ("link", b"(https://a.example/?k=<key>)", titled),
)


def _pdf(draw: Draw) -> Iterator[Place]:
    for kind, text, make in PDF:
        key = draw.key()
        yield Place(f"pdf/{kind}", "a.pdf", make(text.replace(b"<key>", key.encode())), key, inflated)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*chunks: bytes) -> bytes:
    """Return a picture of one pixel with these chunks."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def jpeg(*segments: tuple[int, bytes]) -> bytes:
    """Return the head of a photograph with these segments."""
    app0 = (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    parts = (b"\xff" + bytes((mark,)) + struct.pack(">H", len(data) + 2) + data for mark, data in (app0, *segments))
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xda\0\x08\1\1\0\0\x3f\0" + b"\x7f" * 90 + b"\xff\xd9"


def exif(key: bytes) -> bytes:
    """Return a segment whose one entry (its description) is the key."""
    entry = struct.pack("<HHII", 0x010E, 2, len(key) + 1, 26)
    return b"Exif\0\0II*\0\x08\0\0\0\1\0" + entry + bytes(4) + key + b"\0"


def xmp(key: bytes) -> bytes:
    return b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><dc:x>" + key + b"</dc:x></x:xmpmeta>"


def mp3(key: bytes) -> bytes:
    return b"ID3\3\0\0\0\0\0\x40COMM\0\0\0\x36\0\0\0eng\0" + key + b"\0\xff\xfb"


def wav(key: bytes) -> bytes:
    return b"RIFF\x60\0\0\0WAVELIST\x38\0\0\0INFOICMT\x2c\0\0\0" + key + b"\0"


MEDIA: tuple[tuple[str, str, Callable[[bytes], bytes]], ...] = (
    ("png/tEXt", "a.png", lambda key: png(chunk(b"tEXt", b"Comment\0" + key))),
    ("png/tEXt with words", "b.png", lambda key: png(chunk(b"tEXt", b"Description\0the key is " + key + b"."))),
    ("png/iTXt", "c.png", lambda key: png(chunk(b"iTXt", b"Comment\0\0\0en\0\0" + key))),
    ("png/after its end", "d.png", lambda key: png() + key),
    ("jpeg/comment", "a.jpg", lambda key: jpeg((0xFE, key))),
    ("jpeg/comment with words", "b.jpg", lambda key: jpeg((0xFE, b"made with " + key + b"\0"))),
    ("jpeg/exif", "c.jpg", lambda key: jpeg((0xE1, exif(key)))),
    ("jpeg/xmp", "d.jpg", lambda key: jpeg((0xE1, xmp(key)))),
    ("gif/comment", "a.gif", lambda key: b"GIF89a\1\0\1\0\0\0\0!\xfe" + bytes((len(key),)) + key + b"\0;"),
    ("svg/metadata", "a.svg", lambda key: b"<svg><metadata>" + key + b"</metadata></svg>"),
    ("mp3/comment", "a.mp3", mp3),
    ("wav/info", "a.wav", wav),
)


def _pictures(draw: Draw) -> Iterator[Place]:
    for kind, path, make in MEDIA:
        key = draw.key()
        yield Place(f"pictures/{kind}", path, make(key.encode()), key)


def runs(key: bytes) -> bytes:
    """Return a text document in which an editor has parted the key: half of it is bold."""
    text = b"<w:r><w:t>" + key[:3] + b"</w:t></w:r><w:r><w:t>" + key[3:] + b"</w:t></w:r>"
    return ZIP.pack({"word/document.xml": text})


def streamed(
    before: bytes, after: bytes, spell: Callable[[bytes], bytes], name: bytes = b""
) -> Callable[[bytes], bytes]:
    return lambda key: pdf((name, before + spell(key) + after))


def _kerned(key: bytes) -> bytes:
    return key[:3] + b")-20(" + key[3:]


def _escaped(key: bytes) -> bytes:
    return key.replace(b"_", b"\\137")


def _hexed(key: bytes) -> bytes:
    return key.hex().encode()


def _wide_title(key: bytes) -> bytes:
    return titled(b"(\xfe\xff" + key.decode().encode("utf-16-be") + b")")


def _rtf_escape(key: bytes) -> bytes:
    return b"{\\rtf1 " + key.replace(b"_", b"\\'5f") + b"}"


def _rtf_escapes(key: bytes) -> bytes:
    return b"{\\rtf1 " + b"".join(b"\\'%02x" % byte for byte in key) + b"}"


def _ztxt(data: bytes) -> bytes:
    at = data.index(b"\0x\x9c") + 1
    return zlib.decompressobj().decompress(data[at:])


def _pdf_hex(data: bytes) -> bytes:
    found = re.search(rb"BT <([0-9a-f]+)>", data)
    return bytes.fromhex(found[1].decode()) if found else b""


def _pdf_octal(data: bytes) -> bytes:
    return data.replace(b"\\137", b"_")


def _pdf_kerned(data: bytes) -> bytes:
    return data.replace(b")-20(", b"")


def _pdf_85(data: bytes) -> bytes:
    return base64.a85decode(data.partition(b"stream\n")[2].partition(b"~>")[0])


def _pdf_wide(data: bytes) -> bytes:
    return data.partition(b"(\xfe\xff")[2].partition(b")")[0].decode("utf-16-be").encode()


def _runs(data: bytes) -> bytes:
    return re.sub(rb"<[^>]+>", b"", read_zip(data)[0])


def _rtf(data: bytes) -> bytes:
    return bytes.fromhex(re.sub(rb"[^0-9a-f]", b"", data.partition(b"rtf1 ")[2]).decode())


BEYOND: tuple[tuple[str, str, Callable[[bytes], bytes], Callable[[bytes], bytes]], ...] = (
    ("png zTXt", "a.png", lambda key: png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"key " + key))), _ztxt),
    ("png iTXt, compressed", "b.png", lambda key: png(chunk(b"iTXt", b"C\0\1\0\0\0" + zlib.compress(key))), _ztxt),
    ("pdf hex string", "a.pdf", streamed(b"BT <", b"> Tj ET", _hexed), _pdf_hex),
    ("pdf octal", "b.pdf", streamed(b"BT (", b") Tj ET", _escaped), _pdf_octal),
    ("pdf kerned", "c.pdf", streamed(b"BT [(", b")] TJ ET", _kerned), _pdf_kerned),
    ("pdf ascii85", "d.pdf", streamed(b"", b"~>", base64.a85encode, b"/ASCII85Decode"), _pdf_85),
    ("pdf wide title", "e.pdf", _wide_title, _pdf_wide),
    ("docx runs", "a.docx", runs, _runs),
    ("rtf escape", "a.rtf", _rtf_escape, lambda data: data.replace(b"\\'5f", b"_")),
    ("rtf all escaped", "b.rtf", _rtf_escapes, _rtf),
)


def _reach(draw: Draw) -> Iterator[Place]:
    for kind, path, make, proof in BEYOND:
        key = draw.key()
        data = make(key.encode())
        assert key.encode() not in data, kind
        yield Place(f"reach/{kind}", path, data, key, proof, True)
