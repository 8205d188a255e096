"""PHP: curl, Guzzle, Symfony, streams, Laravel."""

from __future__ import annotations

from freddy_guard.rules.requests.lexical.things import Library

_OPTIONS = {
    "CURLOPT_URL": "url",
    "CURLOPT_HTTPHEADER": "lines",
    "CURLOPT_CUSTOMREQUEST": "method",
    "CURLOPT_POST": "POST _",
    "CURLOPT_HTTPGET": "GET _",
    "CURLOPT_NOBODY": "HEAD _",
    "CURLOPT_PUT": "PUT _",
    "CURLOPT_USERPWD": "basic",
    "CURLOPT_XOAUTH2_BEARER": "bearer",
    "CURLOPT_POSTFIELDS": "POSTED _",
    **dict.fromkeys(
        [
            "RETURNTRANSFER",
            "TIMEOUT",
            "TIMEOUT_MS",
            "CONNECTTIMEOUT",
            "CONNECTTIMEOUT_MS",
            "FOLLOWLOCATION",
            "MAXREDIRS",
            "ENCODING",
            "HTTP_VERSION",
            "SSL_VERIFYPEER",
            "SSL_VERIFYHOST",
            "USERAGENT",
            "HEADER",
            "FAILONERROR",
            "VERBOSE",
            "WRITEFUNCTION",
            "FILE",
            "HEADERFUNCTION",
            "CAINFO",
            "PROXY",
            "INFILE",
            "INFILESIZE",
            "UPLOAD",
            "REFERER",
            "ACCEPT_ENCODING",
            "COOKIE",
            "COOKIEFILE",
            "COOKIEJAR",
            "HTTPAUTH",
            "STDERR",
            "PROGRESSFUNCTION",
            "NOPROGRESS",
            "BUFFERSIZE",
            "IPRESOLVE",
            "SSLVERSION",
            "POSTREDIR",
        ],
        "_",
    ),
}
_OPTIONS = {(name if name.startswith("CURLOPT") else f"CURLOPT_{name}"): spec for name, spec in _OPTIONS.items()}
CURL = Library(
    name="php-curl",
    needs=r"curl_init",
    starts={"curl_init()": "GET url"},
    functions={
        "curl_setopt": "option",
        "curl_setopt_array": "options",
        "curl_exec": "send",
        **dict.fromkeys(
            ("curl_close", "curl_error", "curl_errno", "curl_getinfo", "is_resource", "curl_strerror"), "*"
        ),
    },
    options=_OPTIONS,
)
_GUZZLE = {
    "headers": "headers",
    "query": "query",
    "auth": "?",
    "base_uri": "base",
    "handler": "?",
    "cert": "?",
    **dict.fromkeys(
        [
            "json",
            "form_params",
            "body",
            "multipart",
            "timeout",
            "connect_timeout",
            "http_errors",
            "verify",
            "stream",
            "sink",
            "debug",
            "allow_redirects",
            "read_timeout",
            "version",
            "decode_content",
            "cookies",
            "proxy",
            "on_stats",
            "delay",
            "idn_conversion",
            "buffer",
            "max_redirects",
            "max_duration",
        ],
        "_",
    ),
}
_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
GUZZLE = Library(
    name="guzzle",
    needs=r"GuzzleHttp",
    prefix="GuzzleHttp\\",
    clients={"Client()": "options"},
    verbs={
        **{verb.lower(): f"{verb} url options send" for verb in _VERBS},
        **{f"{verb.lower()}Async": f"{verb} url options send" for verb in _VERBS},
        "request": "method url options send",
        "requestAsync": "method url options send",
        "send": "request options",
    },
    starts={"Request()": "method url headers *", "Psr7\\Request()": "method url headers *"},
    steps={"withHeader": "name value", "withAddedHeader": "name value"},
    options=_GUZZLE,
    resolves=True,
)
SYMFONY = Library(
    name="guzzle",
    needs=r"Symfony\\Component\\HttpClient",
    clients={"HttpClient.create()": "options", "HttpClient.createForBaseUri()": "base options"},
    verbs={"request": "method url options send"},
    options=_GUZZLE | {"auth_bearer": "bearer", "auth_basic": "?"},
    resolves=True,
)
STREAMS = Library(
    name="php-stream",
    needs=r"file_get_contents|fopen",
    starts={"file_get_contents()": "GET url _ context * send", "fopen()": "GET url _ _ context send"},
    options={
        "http": "options",
        "method": "method",
        "header": "header_text",
        **dict.fromkeys(
            [
                "content",
                "timeout",
                "ignore_errors",
                "user_agent",
                "protocol_version",
                "follow_location",
                "max_redirects",
                "ssl",
            ],
            "_",
        ),
    },
)
LARAVEL = Library(
    name="laravel",
    needs=r"Facades\\Http\b",
    clients={},
    starts={
        **{f"Http.{verb.lower()}()": f"{verb} url _ send" for verb in _VERBS},
        "Http.withHeaders()": "headers",
        "Http.withHeader()": "name value",
        "Http.withToken()": "bearer",
        "Http.timeout()": "_",
        "Http.acceptJson()": "",
        "Http.asJson()": "",
        "Http.asForm()": "",
        "Http.baseUrl()": "base",
        "Http.retry()": "*",
        "Http.withBasicAuth()": "user pass",
    },
    steps={
        **{verb.lower(): f"{verb} url _ send" for verb in _VERBS},
        "withHeaders": "headers",
        "withHeader": "name value",
        "withToken": "bearer",
        "withBasicAuth": "user pass",
        "baseUrl": "base",
        "timeout": "_",
        "retry": "*",
        "acceptJson": "",
        "asJson": "",
        "asForm": "",
        "accept": "_",
        "contentType": "_",
        "withQueryParameters": "query",
        "throw": "",
        "withOptions": "?",
    },
)
LIBRARIES = (CURL, GUZZLE, SYMFONY, STREAMS, LARAVEL)
MOCKS = (
    r"MockHandler|Http::fake|Http::preventStray|MockHttpClient|Mockery|createMock|"
    r"Http::globalRequest|Http::macro|php-vcr|VCR::|globalRequestMiddleware"
)
