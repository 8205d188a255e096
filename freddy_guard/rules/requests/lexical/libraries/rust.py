"""Rust: reqwest, ureq, surf."""

from __future__ import annotations

from freddy_guard.rules.requests.lexical.things import Library

_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
_CLIENTS = ("Client", "blocking.Client", "ClientBuilder", "blocking.ClientBuilder")
REQWEST = Library(
    name="reqwest",
    needs=r"reqwest",
    prefix="reqwest.",
    clients={f"{name}.{make}()": "" for name in _CLIENTS for make in ("new", "builder", "default")},
    settings={
        "default_headers": "headers",
        "build": "",
        "clone": "",
        "unwrap": "",
        "expect": "_",
        **dict.fromkeys(
            [
                "timeout",
                "connect_timeout",
                "user_agent",
                "redirect",
                "gzip",
                "brotli",
                "deflate",
                "no_proxy",
                "pool_max_idle_per_host",
                "pool_idle_timeout",
                "tcp_keepalive",
                "http2_prior_knowledge",
                "use_rustls_tls",
                "use_native_tls",
                "danger_accept_invalid_certs",
                "https_only",
                "cookie_store",
                "proxy",
                "tcp_nodelay",
                "connection_verbose",
                "referer",
                "read_timeout",
                "http1_only",
                "min_tls_version",
            ],
            "*",
        ),
    },
    verbs={**{verb.lower(): f"{verb} url" for verb in _VERBS}, "request": "method url", "execute": "request"},
    starts={"get()": "GET url send", "blocking.get()": "GET url send"},
    steps={
        "header": "name value",
        "headers": "headers",
        "bearer_auth": "bearer",
        "basic_auth": "user pass",
        "query": "tuples",
        "send": "send",
        **dict.fromkeys(["json", "body", "form", "multipart", "timeout", "version", "fetch_mode_no_cors"], "*"),
        **dict.fromkeys(["build", "unwrap", "expect", "try_clone", "await"], "*"),
    },
)
UREQ = Library(
    name="ureq",
    needs=r"ureq",
    prefix="ureq.",
    clients={"agent()": "", "Agent.new()": "", "AgentBuilder.new()": "", "Agent.new_with_defaults()": ""},
    settings={"build": "", "timeout": "*", "timeout_connect": "*", "timeout_read": "*", "user_agent": "_", "clone": ""},
    verbs={**{verb.lower(): f"{verb} url" for verb in _VERBS}, "request": "method url"},
    starts={**{f"{verb.lower()}()": f"{verb} url" for verb in _VERBS}, "request()": "method url"},
    steps={
        "set": "name value",
        "header": "name value",
        "query": "param_name param_value",
        "timeout": "*",
        "content_type": "_",
        **dict.fromkeys(
            ["call", "send_json", "send_string", "send_form", "send_bytes", "send", "send_empty"], "* send"
        ),
    },
)
SURF = Library(
    name="surf",
    needs=r"surf::",
    prefix="surf.",
    starts={f"{verb.lower()}()": f"{verb} url" for verb in _VERBS},
    steps={
        "header": "name value",
        "body": "*",
        "body_json": "*",
        "content_type": "_",
        "await": "send",
        "recv_json": "send",
        "recv_string": "send",
        "send": "send",
    },
)
LIBRARIES = (REQWEST, UREQ, SURF)
MOCKS = r"mockito|httpmock|wiremock|reqwest_mock|rvcr|httptest"
