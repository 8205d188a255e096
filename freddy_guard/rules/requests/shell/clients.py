"""curl, wget and HTTPie: what their arguments say of a request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from freddy_guard.rules.requests.call import HOLE, Part, Url, Value, joined, text, url_of
from freddy_guard.rules.requests.shell.variables import MANY, Field


class Request(NamedTuple):
    """What a client was told to send. A method that is not known is empty."""

    library: str
    urls: tuple[Url, ...]
    method: str
    headers: tuple[tuple[str, Value], ...]
    complete: bool


class _Said:
    """What has been read of the arguments of one request."""

    def __init__(self) -> None:
        self.urls: list[Field] = []
        self.headers: list[tuple[str, Value]] = []
        self.query: list[Value] = []
        self.method: str | None = None
        self.implied = "GET"
        self.complete = True
        self.get = False

    def header(self, field: Field) -> None:
        """Take `Name: value`. Of several readings one that sends the key is taken, else one that is not known."""
        found = [_header(value) for value in field] or [None]
        keyed = [one for one in found if one and one[0].lower() == "x-api-key"]
        if keyed:
            self.headers.append(keyed[0])
        elif None in found:
            self.complete = False
        else:
            self.headers += [one for one in found[:1] if one and one[0]]

    def basic(self, field: Field) -> None:
        """Take `user:password`."""
        if field:
            self.headers.append(("Authorization", joined((text("Basic "), field[0]))))
        else:
            self.complete = False

    def requests(self, library: str) -> Iterator[Request]:
        """Yield what is sent."""
        query = self.query if self.get or library == "httpie" else []
        method = self.implied if self.method is None else self.method
        if self.get and self.method is None:
            method = "GET"
        for field in self.urls:
            urls = tuple(url for value in field if (url := _url(value, query)))
            if urls:
                yield Request(library, urls, method.upper(), tuple(self.headers), self.complete)


def _header(value: Value) -> tuple[str, Value] | None:
    """Return name and value of a header, ("", ...) for one that is not sent, None where it is not known."""
    first = value.parts[0] if value.parts else Part()
    match = re.match(r"\s*([^\s:;@=]+)\s*([:;])\s*", first.text or "")
    if match is None:
        return None
    rest = Value((Part((first.text or "")[match.end() :]), *value.parts[1:]))
    parts = tuple(part for part in rest.parts if part.text != "")
    return match[1], Value(parts if match[2] == ":" else ())


def _url(value: Value, query: list[Value]) -> Url | None:
    pattern = value.pattern
    if not re.match(r"[A-Za-z][\w+.-]*://|//", pattern):
        value = joined((text("//"), value))
    for field in query:
        value = joined((value, text("&" if "?" in value.pattern else "?"), field))
    return url_of(value)


_Option = Callable[[_Said, Field], None]


def _nothing(_: _Said, __: Field) -> None:
    """Read an option that changes neither the URL nor the headers."""


def _unknown(said: _Said, _: Field) -> None:
    said.complete = False


def _method(said: _Said, field: Field) -> None:
    literal = field[0].literal if len(field) == 1 else None
    said.method = literal if literal is not None else ""


def _implies(method: str) -> _Option:
    def imply(said: _Said, _: Field) -> None:
        said.implied = method

    return imply


def _get(said: _Said, _: Field) -> None:
    said.get = True


def _data(said: _Said, field: Field) -> None:
    said.implied = "POST"
    said.query += [value for value in field[:1] if value.parts]


def _query(said: _Said, field: Field) -> None:
    said.get = True
    said.query += field[:1]


def _bearer(said: _Said, field: Field) -> None:
    said.headers += [("Authorization", joined((text("Bearer "), field[0])))] if field else []
    said.complete = said.complete and bool(field)


def _cookie(said: _Said, field: Field) -> None:
    if field and "=" in field[0].pattern:
        said.headers.append(("Cookie", field[0]))
    else:
        said.complete = False


def _own(name: str) -> _Option:
    return lambda said, field: said.headers.append((name, field[0])) if field else None


def _is_url(said: _Said, field: Field) -> None:
    said.urls.append(field)


_CURL: Mapping[str, _Option] = {
    **dict.fromkeys(("-H", "--header"), _Said.header),
    **dict.fromkeys(("-u", "--user"), _Said.basic),
    **dict.fromkeys(("-X", "--request"), _method),
    **dict.fromkeys(("-d", "--data", "--data-urlencode", "--data-ascii", "--data-raw", "--data-binary"), _data),
    **dict.fromkeys(("--json", "-F", "--form", "--form-string"), _implies("POST")),
    **dict.fromkeys(("-T", "--upload-file"), _implies("PUT")),
    **dict.fromkeys(("-b", "--cookie"), _cookie),
    **dict.fromkeys(("-A", "--user-agent"), _own("User-Agent")),
    **dict.fromkeys(("-e", "--referer"), _own("Referer")),
    **dict.fromkeys(("-K", "--config", "--variable", "--netrc-file", "--aws-sigv4"), _unknown),
    "--oauth2-bearer": _bearer,
    "--url-query": _query,
    "--url": _is_url,
    **dict.fromkeys(
        (
            *("-o", "-w", "-m", "-x", "-U", "-E", "-c", "-C", "-D", "-r", "-z", "-y", "-Y", "-Q", "-t", "-P", "-h"),
            *("--output", "--write-out", "--max-time", "--connect-timeout", "--retry", "--retry-delay", "--proxy"),
            *("--retry-max-time", "--cacert", "--capath", "--cert", "--key", "--cert-type", "--key-type", "--pass"),
            *("--resolve", "--connect-to", "--interface", "--limit-rate", "--max-redirs", "--output-dir", "--range"),
            *("--cookie-jar", "--dump-header", "--continue-at", "--time-cond", "--tls-max", "--tlsv1", "--ciphers"),
            *("--unix-socket", "--dns-servers", "--doh-url", "--noproxy", "--proxy-user", "--proxy-header", "--trace"),
            *("--trace-ascii", "--stderr", "--speed-limit", "--speed-time", "--max-filesize", "--proto", "--rate"),
            *("--proto-default", "--proto-redir", "--parallel-max", "--socks5", "--socks5-hostname", "--preproxy"),
            *("--keepalive-time", "--expect100-timeout", "--local-port", "--create-file-mode", "--etag-save"),
            *("--etag-compare", "--request-target", "--crlfile", "--pinnedpubkey", "--curves", "--libcurl"),
        ),
        _nothing,
    ),
}
_CURL_FLAGS: Mapping[str, _Option] = {
    **dict.fromkeys(("-n", "--netrc", "--netrc-optional", "--negotiate", "--ntlm"), _unknown),
    **dict.fromkeys(("-G", "--get"), _get),
    **dict.fromkeys(("-I", "--head"), _implies("HEAD")),
}
_WGET: Mapping[str, _Option] = {
    "--header": _Said.header,
    "--method": _method,
    **dict.fromkeys(("--post-data", "--post-file"), _implies("POST")),
    **dict.fromkeys(("--user", "--http-user"), _Said.basic),
    **dict.fromkeys(("-i", "--input-file", "--config", "-e", "--execute", "--load-cookies"), _unknown),
    **dict.fromkeys(
        (
            *("-a", "-o", "-B", "-t", "-O", "-T", "-w", "-Q", "-P", "-U", "-l", "-A", "-R", "-D", "-I", "-X"),
            *("--output-document", "--output-file", "--timeout", "--tries", "--user-agent", "--directory-prefix"),
            *("--body-data", "--body-file", "--password", "--http-password", "--referer", "--wait", "--waitretry"),
        ),
        _nothing,
    ),
}
_WGET_FLAGS: Mapping[str, _Option] = {
    "--spider": _implies("HEAD"),
    **dict.fromkeys(("--use-askpass", "--ask-password"), _unknown),
}
_HTTPIE_TAKES = (
    *("-A", "--auth-type", "-o", "--output", "-p", "--print", "-s", "--style", "--pretty", "--timeout", "--proxy"),
    *("--verify", "--cert", "--cert-key", "--ssl", "--default-scheme", "--max-redirects", "--boundary", "--raw"),
)


def requests(program: str, fields: list[Field]) -> Iterator[Request]:
    """Yield what a client sends for its arguments."""
    if program in ("http", "https", "xh", "xhs"):
        yield from _httpie(fields)
        return
    table, flags = (_CURL, _CURL_FLAGS) if program == "curl" else (_WGET, _WGET_FLAGS)
    said = _Said()
    rest = iter(fields)
    for field in rest:
        start = _start(field)
        if field == MANY or (start == HOLE):
            said.complete = False
            said.urls += [field] if field else []
        elif start in ("--next", "-:"):
            yield from said.requests(program)
            said = _Said()
        elif start.startswith("--") and len(start) > 2:
            _long(said, field, rest, table, flags)
        elif start.startswith("-") and len(start) > 1:
            _short(said, field, rest, table, flags)
        elif start.startswith(("[", "...", "\u2026")):
            said.complete = False  # what a document leaves out
        else:
            said.urls.append(field)
    yield from said.requests(program)


def _start(field: Field) -> str:
    """Return how an argument begins: its text up to what is not known."""
    if not field:
        return ""
    first = field[0].parts[0] if field[0].parts else Part("")
    unknown = field[0].parts and all(part.text is None for part in field[0].parts)
    return HOLE if unknown else first.text or ""


def _long(
    said: _Said, field: Field, rest: Iterator[Field], table: Mapping[str, _Option], flags: Mapping[str, _Option]
) -> None:
    name, equals, _ = _start(field).partition("=")
    if name in table:
        table[name](said, _cut(field, len(name) + 1) if equals else next(rest, MANY))
    elif name in flags:
        flags[name](said, MANY)


def _short(
    said: _Said, field: Field, rest: Iterator[Field], table: Mapping[str, _Option], flags: Mapping[str, _Option]
) -> None:
    """Read options of one letter: `-sSfX POST`, `-XPOST`."""
    start = _start(field)
    for index, letter in enumerate(start[1:], 1):
        name = f"-{letter}"
        if name in table:
            more = index + 1 < len(start) or len(field[0].parts) > 1
            table[name](said, _cut(field, index + 1) if more else next(rest, MANY))
            return
        if name in flags:
            flags[name](said, MANY)


def _cut(field: Field, size: int) -> Field:
    """Return an argument without its first characters."""
    return tuple(
        Value(tuple(p for p in (Part((value.parts[0].text or "")[size:]), *value.parts[1:]) if p.text != ""))
        for value in field
        if value.parts
    )


def _httpie(fields: list[Field]) -> Iterator[Request]:
    said = _Said()
    rest = iter(fields)
    for field in rest:
        start = _start(field)
        if field == MANY or start == HOLE:
            said.complete = False
        elif start.startswith("-"):
            _httpie_option(said, start, field, rest)
        elif not said.urls and re.fullmatch(r"[A-Z]+", start) and len(field[0].parts) == 1:
            said.method = start
        elif not said.urls:
            said.urls.append(field)
        else:
            _item(said, field)
    yield from said.requests("httpie")


def _httpie_option(said: _Said, start: str, field: Field, rest: Iterator[Field]) -> None:
    name, equals, _ = start.partition("=")
    if name in ("-a", "--auth"):
        value = _cut(field, len(name) + 1) if equals else next(rest, MANY)
        (_Said.basic if value and ":" in value[0].pattern else _bearer)(said, value)
    elif name.startswith(("--session", "-a")):
        said.complete = False
    elif name in _HTTPIE_TAKES and not equals:
        next(rest, MANY)


def _item(said: _Said, field: Field) -> None:
    """Take `Name:value`, `field==value` or `field=value`."""
    match = re.match(r"((?:[^:=@;\\]|\\.)+)(:=@?|==@?|=@?|:@|@|:|;)", _start(field))
    if match is None or match[2] == ":@":
        said.complete = False
    elif match[2] in (":", ";"):
        said.header(field)
    elif match[2] == "==":
        value = _cut(field, match.end())
        said.query.append(joined((text(f"{match[1]}="), value[0] if value else Value())))
    else:
        said.implied = "POST"
