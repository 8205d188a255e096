"""Dart: package http, dio, dart:io."""

from __future__ import annotations

from freddy_guard.rules.requests.lexical.things import Library

_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
_CALL = "headers:headers body:_ encoding:_ send"
HTTP = Library(
    name="dart-http",
    needs=r"package:http/",
    prefix="http.",
    clients={"Client()": "?", "IOClient()": "?"},
    settings={"close": ""},
    verbs={
        **{verb.lower(): f"{verb} url {_CALL}" for verb in _VERBS},
        "read": f"GET url {_CALL}",
        "readBytes": f"GET url {_CALL}",
        "send": "request",
    },
    starts={
        **{f"http.{verb.lower()}()": f"{verb} url {_CALL}" for verb in _VERBS},
        **{f"{verb.lower()}()": f"{verb} url {_CALL}" for verb in _VERBS},
        "read()": f"GET url {_CALL}",
        "Request()": "method url",
        "MultipartRequest()": "method url",
    },
    steps={
        "headers.[]=": "name value",
        "headers.addAll": "headers",
        "headers.putIfAbsent": "name _",
        "files.add": "_",
        "fields.[]=": "_ _",
        "fields.addAll": "_",
        "send": "send",
        "finalize": "send",
        **dict.fromkeys(
            (
                "body=",
                "bodyBytes=",
                "bodyFields=",
                "encoding=",
                "followRedirects=",
                "maxRedirects=",
                "persistentConnection=",
            ),
            "_",
        ),
    },
)
_DIO_OPTIONS = {
    "headers": "headers",
    "baseUrl": "base",
    "queryParameters": "query",
    "method": "method",
    "extra": "?",
    **dict.fromkeys(
        [
            "connectTimeout",
            "receiveTimeout",
            "sendTimeout",
            "contentType",
            "responseType",
            "validateStatus",
            "followRedirects",
            "maxRedirects",
            "receiveDataWhenStatusError",
            "persistentConnection",
            "listFormat",
        ],
        "_",
    ),
}
_DIO_CALL = "data:_ queryParameters:query options:options cancelToken:_ onReceiveProgress:_ onSendProgress:_ send"
DIO = Library(
    name="dio",
    needs=r"package:dio/|\bDio\(",
    clients={"Dio()": "options"},
    settings={
        "options.headers.[]=": "name value",
        "options.headers=": "headers",
        "options.headers.addAll": "headers",
        "options.baseUrl=": "base",
        "options=": "options",
        "options.connectTimeout=": "_",
        "options.receiveTimeout=": "_",
        "options.contentType=": "_",
        "interceptors.add(": "?",
        "interceptors.add(LogInterceptor)": "_",
        "close": "*",
    },
    verbs={
        **{verb.lower(): f"{verb} url {_DIO_CALL}" for verb in _VERBS},
        **{f"{verb.lower()}Uri": f"{verb} url {_DIO_CALL}" for verb in _VERBS},
        "request": f"url {_DIO_CALL}",
        "download": f"GET url _ {_DIO_CALL}",
    },
    options=_DIO_OPTIONS,
)
IO = Library(
    name="dart:io",
    needs=r"dart:io",
    prefix="io.",
    clients={"HttpClient()": "?"},
    settings={
        "close": "*",
        "connectionTimeout=": "_",
        "userAgent=": "_",
        "idleTimeout=": "_",
        "badCertificateCallback=": "_",
        "autoUncompress=": "_",
    },
    verbs={**{f"{verb.lower()}Url": f"{verb} url" for verb in _VERBS}, "openUrl": "method url"},
    steps={
        "headers.set": "name value",
        "headers.add": "name value",
        "headers.contentType=": "_",
        "close": "send",
        **dict.fromkeys(("write", "add", "writeln", "addStream", "headers.removeAll"), "_"),
        **dict.fromkeys(
            ("contentLength=", "followRedirects=", "persistentConnection=", "headers.chunkedTransferEncoding="), "_"
        ),
        "cookies.add": "_",
    },
)
LIBRARIES = (HTTP, DIO, IO)
MOCKS = (
    r"MockClient\b|http_mock_adapter|DioAdapter|nock\b|mockito|mocktail|HttpOverrides|"
    r"http/testing\.dart|httpClientAdapter"
)
