"""Requests as they go over the wire, in .http and .rest files of VS Code and JetBrains, and in documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from freddy_guard.rules.requests.call import Call, Value, joined, named, text, url_of

_REQUEST = re.compile(
    r"(?a)[ \t]*(?:(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|WEBSOCKET|GRAPHQL)[ \t]+)?"
    r"(?P<url>(?:https?://|wss?://|\{\{|/|[\w.-]+\.\w+/)\S*(?:[ \t]+(?!HTTP/)[^\s]+)*?)(?:[ \t]+HTTP/[\d.]+)?[ \t]*\Z"
)
_VARIABLE = re.compile(r"(?m)^[ \t]*@([\w.-]+)[ \t]*=[ \t]*([^\r\n]*?)[ \t]*\r?$")
_HEADER = re.compile(r"(?a)[ \t]*([!#$%&'*+.^_`|~\w-]+)[ \t]*:[ \t]*(.*?)[ \t]*\Z")
_COMMENT = re.compile(r"[ \t]*(?:#|//)")
_DEEP = 5


def calls(source: str, *, shows: bool = False) -> Iterator[Call]:
    """Yield the requests of a text. In one that `shows` them, a bare line is an endpoint's name and no request."""
    known = dict(_VARIABLE.findall(source))
    for block in re.finditer(r"(?ms)^(?!###)[^\r\n].*?(?=^###|\Z)", source):
        call = _call(block[0], block.start(), known, shows)
        if call is not None:
            yield call


def _call(block: str, origin: int, known: Mapping[str, str], shows: bool) -> Call | None:
    lines = [(match.start(), match[0].rstrip("\r")) for match in re.finditer(r"[^\n]+|(?<=\n)(?=\n)", block)]
    first = _first(lines)
    match = _REQUEST.match(lines[first][1]) if first is not None else None
    if first is None or match is None:
        return None
    url, at = match["url"], first + 1
    end = lines[first][0] + len(lines[first][1])
    while at < len(lines) and (more := re.match(r"[ \t]+([?&/]\S*)[ \t]*\Z", lines[at][1])):
        url, end, at = url + more[1], lines[at][0] + len(lines[at][1]), at + 1
    headers, complete = list[tuple[str, Value]](), True
    for start, line in lines[at:]:
        if not line.strip():
            break
        header = _HEADER.match(line)
        if header:
            headers.append((header[1], value_of(header[2], known)))
        elif not _COMMENT.match(line):
            complete = False
        end = start + len(line)
    return _made(url, match["method"], headers, complete, (origin + lines[first][0], origin + end), known, shows)


def _first(lines: list[tuple[int, str]]) -> int | None:
    """Return the number of the line with the request: behind comments, variables and scripts."""
    within = False
    for index, (_, line) in enumerate(lines):
        if re.match(r"[ \t]*<[ \t]*\{%", line) or within:
            within = "%}" not in line
        elif line.strip() and not _COMMENT.match(line) and not re.match(r"[ \t]*[@<]", line):
            return index
    return None


def _made(
    url: str,
    method: str | None,
    headers: list[tuple[str, Value]],
    complete: bool,
    span: tuple[int, int],
    known: Mapping[str, str],
    shows: bool,
) -> Call | None:
    """Return the request as a call, None where it goes nowhere that we know."""
    value = value_of(url, known)
    host = next((value for name, value in headers if name.lower() == "host"), None)
    if url.startswith("/") and not url.startswith("//"):
        value = joined((text("https://"), host, value)) if host is not None else value
    elif "://" not in value.pattern and not value.pattern.startswith("\0"):
        value = joined((text("//"), value))
    taken = url_of(value)
    if taken is None or (shows and not [name for name, _ in headers if name.lower() != "host"]):
        return None
    sent = tuple((name, value) for name, value in headers if name.lower() != "host")
    return Call(*span, "http", taken, method or "GET", sent, complete)


def value_of(raw: str, known: Mapping[str, str], depth: int = 0) -> Value:
    """Return a text with the variables that its file sets."""
    parts: list[Value] = []
    last = 0
    for match in re.finditer(r"\{\{\s*([^{}\n]{0,200}?)\s*\}\}", raw):
        parts.append(text(raw[last : match.start()]))
        if match[1] in known and depth < _DEEP and known[match[1]]:
            parts.append(value_of(known[match[1]], known, depth + 1))
        else:
            parts.append(named(match[1].split()[-1].lstrip("$%") if match[1] else ""))
        last = match.end()
    return joined((*parts, text(raw[last:])))
