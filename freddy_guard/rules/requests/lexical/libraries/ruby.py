"""Ruby: net/http, open-uri, HTTParty, Faraday, rest-client, http.rb, Excon, Typhoeus."""

from __future__ import annotations

from freddy_guard.rules.requests.lexical.things import Library

_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
NET_HTTP = Library(
    name="net/http",
    needs=r"Net::HTTP",
    label="net-http",
    clients={"Net.HTTP.new()": "_ _ *", "Net.HTTP.start()": "_ *"},
    settings={
        **dict.fromkeys(
            [
                "use_ssl=",
                "read_timeout=",
                "open_timeout=",
                "write_timeout=",
                "verify_mode=",
                "set_debug_output",
                "keep_alive_timeout=",
                "max_retries=",
                "ssl_version=",
            ],
            "_",
        ),
        "start": "",
        "finish": "",
        "started?": "",
    },
    verbs={"request": "request *"},
    starts={
        "Net.HTTP.get()": "GET url headers * send",
        "Net.HTTP.get_response()": "GET url headers * send",
        "Net.HTTP.get_print()": "GET url headers * send",
        "Net.HTTP.post()": "POST url _ headers send",
        "Net.HTTP.post_form()": "POST url _ send",
        **{f"Net.HTTP.{verb.capitalize()}.new()": f"{verb} url headers" for verb in _VERBS},
    },
    steps={
        "[]=": "name value",
        "add_field": "name value",
        "set_form_data": "*",
        "set_form": "*",
        "basic_auth": "user pass",
        "initialize_http_header": "headers",
        "content_type=": "_",
        "body=": "_",
        "body_stream=": "_",
        "set_content_type": "*",
        "delete": "_",
        **dict.fromkeys(("path", "method", "uri", "body"), "read"),
    },
)
OPEN_URI = Library(
    name="open-uri",
    needs=r"open-uri",
    starts={"URI.open()": "GET url opening * send"},
    on_url={"open": "GET opening send", "read": "GET send"},
)
_OPTIONS = {
    "headers": "headers",
    "query": "query",
    "params": "query",
    "body": "_",
    "json": "_",
    "timeout": "_",
    "format": "_",
    "verify": "_",
    "follow_redirects": "_",
    "open_timeout": "_",
    "read_timeout": "_",
    "basic_auth": "?",
    "debug_output": "_",
    "logger": "_",
    "form": "_",
    "multipart": "_",
    "stream_body": "_",
    "idempotent": "_",
    "expects": "_",
    "method": "method",
    "url": "url",
    "payload": "_",
    "followlocation": "_",
    "user": "?",
    "password": "?",
    "max_redirects": "_",
    "persistent": "_",
    "request": "_",
    "ssl": "_",
}
_LABELS = " ".join(f"{key}:{word}" for key, word in _OPTIONS.items())
HTTPARTY = Library(
    name="HTTParty",
    needs=r"(?i)httparty",
    starts={f"HTTParty.{verb.lower()}()": f"{verb} url options {_LABELS} send" for verb in _VERBS},
    options=_OPTIONS,
)
_FARADAY = {
    "headers.[]=": "name value",
    "headers=": "headers",
    "headers.merge!": "headers",
    "headers.update": "headers",
    "options.timeout=": "_",
    "options.open_timeout=": "_",
}
FARADAY = Library(
    name="Faraday",
    needs=r"(?i)faraday",
    clients={"Faraday.new()": f"base {_LABELS.replace('url:url', 'url:base')}"},
    settings={
        **_FARADAY,
        **{f"request({name})": "*" for name in ("json", "url_encoded", "multipart", "retry")},
        "request(": "request_middleware",
        "response": "*",
        "adapter": "*",
        "use": "?",
        "authorization": "?",
        "basic_auth": "user pass",
    },
    verbs={verb.lower(): f"{verb} url _ headers send" for verb in ("POST", "PUT", "PATCH")}
    | {verb.lower(): f"{verb} url query headers send" for verb in ("GET", "DELETE", "HEAD")},
    starts={f"Faraday.{verb.lower()}()": f"{verb} url _ headers send" for verb in _VERBS},
    steps={
        **_FARADAY,
        "[]=": "name value",
        "body=": "_",
        "url": "url *",
        "params.[]=": "param_name param_value",
        "params=": "query",
    },
    resolves=True,
    folder=True,
)
REST_CLIENT = Library(
    name="rest-client",
    needs=r"(?i)rest-client|restclient",
    starts={
        **{f"RestClient.{verb.lower()}()": f"{verb} url headers send" for verb in ("GET", "DELETE", "HEAD")},
        **{f"RestClient.{verb.lower()}()": f"{verb} url _ headers send" for verb in ("POST", "PUT", "PATCH")},
        "RestClient.Request.execute()": f"options {_LABELS} send",
    },
    options=_OPTIONS,
)
HTTP_RB = Library(
    name="http.rb",
    needs=r"""require ["']http["']|gem ["']http["']""",
    starts={
        **{f"HTTP.{verb.lower()}()": f"{verb} url {_LABELS} send" for verb in _VERBS},
        "HTTP.headers()": "headers",
        "HTTP.auth()": "auth",
        "HTTP.basic_auth()": "?",
        "HTTP.accept()": "_",
        "HTTP.timeout()": "*",
        "HTTP.follow()": "*",
        "HTTP.[]()": "headers",
    },
    steps={
        **{verb.lower(): f"{verb} url {_LABELS} send" for verb in _VERBS},
        "headers": "headers",
        "auth": "auth",
        "accept": "_",
        "timeout": "*",
        "follow": "*",
    },
)
OTHERS = Library(
    name="Excon",
    needs=r"Excon|Typhoeus",
    starts={
        f"{name}.{verb.lower()}()": f"{verb} url {_LABELS} send" for name in ("Excon", "Typhoeus") for verb in _VERBS
    },
    options=_OPTIONS,
)
LIBRARIES = (NET_HTTP, OPEN_URI, HTTPARTY, FARADAY, REST_CLIENT, HTTP_RB, OTHERS)
MOCKS = (
    r"(?i)webmock|stub_request|\bVCR\b|Faraday::Adapter::Test|:test\) do|allow\((?:Net::HTTP|"
    r"HTTParty|Faraday|RestClient|URI)|expect\((?:Net::HTTP|HTTParty|Faraday|RestClient|URI)|fakeweb|"
    r"\.stubs\(|Excon\.stub|\.stub_any_instance"
)
