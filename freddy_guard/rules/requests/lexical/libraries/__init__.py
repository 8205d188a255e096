"""The tables of HTTP libraries, by language, and where a file answers its requests itself."""

from __future__ import annotations

from freddy_guard.rules.requests.lexical.libraries import dart, dotnet, go, jvm, php, powershell, ruby, rust, swift
from freddy_guard.rules.requests.lexical.things import Library

LIBRARIES = {
    "go": go.LIBRARIES,
    "java": jvm.LIBRARIES,
    "kotlin": jvm.LIBRARIES,
    "csharp": dotnet.LIBRARIES,
    "php": php.LIBRARIES,
    "ruby": ruby.LIBRARIES,
    "rust": rust.LIBRARIES,
    "swift": swift.LIBRARIES,
    "dart": dart.LIBRARIES,
    "powershell": powershell.LIBRARIES,
}
MOCKS = {
    "go": go.MOCKS,
    "java": jvm.MOCKS,
    "kotlin": jvm.MOCKS,
    "csharp": dotnet.MOCKS,
    "php": php.MOCKS,
    "ruby": ruby.MOCKS,
    "rust": rust.MOCKS,
    "swift": swift.MOCKS,
    "dart": dart.MOCKS,
    "powershell": powershell.MOCKS,
}
_EMPTY = (
    "make HashMap HashMap.new HeaderMap.new header.HeaderMap.new reqwest.header.HeaderMap.new "
    "HashMap.from LinkedHashMap TreeMap HttpHeaders "
    "Headers.Builder Headers mutableMapOf Map Dictionary Hash.new MultiValueMap LinkedMultiValueMap "
    "HTTPHeaders WebHeaderCollection"
)
_PUT = (
    "put set add insert append Add Set addHeader Append TryAdd putIfAbsent insert_header store "
    "insert! header setValue putHeader []="
)
TABLES = Library(
    name="",
    needs="",
    starts={
        **{f"{name}()": "_" if name in ("make", "HeaderMap.with_capacity") else "?" for name in _EMPTY.split()},
        **dict.fromkeys(("Headers.of()", "headersOf()", "Headers.headersOf()"), "pairs"),
        "HashMap.from()": "?",
    },
    steps={
        **dict.fromkeys(_PUT.split(), "name value"),
        **dict.fromkeys(["addAll", "putAll", "merge!", "update", "merge"], "headers"),
        **dict.fromkeys(
            [
                "setContentType",
                "setAccept",
                "remove",
                "Remove",
                "delete",
                "del",
                "Del",
                "add_content_type",
                "contentType",
                "accept",
                "reserve",
                "contentType=",
            ],
            "_",
        ),
        "setBearerAuth": "bearer",
        "setBasicAuth": "user pass",
        "build": "",
        "clone": "",
        "unwrap": "",
        "Clone": "",
        "to_h": "",
        "toMap": "",
        "freeze": "",
        "ContentType=": "_",
        "contains_key": "_",
        "Encode": "_",
        "Get": "_",
        "get": "_",
        "len": "",
    },
)
