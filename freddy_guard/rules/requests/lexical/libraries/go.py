"""Go: net/http, resty."""

from __future__ import annotations

from freddy_guard.rules.requests.lexical.things import Library

_REQUEST = {
    "Header.Set": "name value",
    "Header.Add": "name value",
    "Header.[]=": "name value",
    "Header=": "headers",
    "Header.Get": "_",
    "Header.Del": "_",
    "SetBasicAuth": "user pass",
    "AddCookie": "_",
    "UserAgent": "",
    "Cookies": "",
    "URL.Query": "",
    "URL.String": "",
    "Method=": "method",
    "URL.RawQuery=": "encoded",
    "Body.Close": "",
    "FormValue": "_",
    "WithContext": "_",
    "Context": "",
}
NET_HTTP = Library(
    name="net/http",
    needs=r'"net/http"',
    clients={
        "http.DefaultClient": "",
        "http.Client()": "",
        "new(": "?",
        "new(http)": "_",
    },
    settings={
        "Timeout=": "_",
        "CheckRedirect=": "_",
        "Transport=": "?",
        "Jar=": "?",
        "CloseIdleConnections": "",
    },
    verbs={
        "Get": "GET url send",
        "Head": "HEAD url send",
        "Post": "POST url _ _ send",
        "PostForm": "POST url _ send",
        "Do": "request",
    },
    starts={
        "http.Get()": "GET url send",
        "http.Head()": "HEAD url send",
        "http.Post()": "POST url _ _ send",
        "http.PostForm()": "POST url _ send",
        "http.NewRequest()": "method url _",
        "http.NewRequestWithContext()": "_ method url _",
    },
    steps=_REQUEST,
)
_SEND = {verb.capitalize(): f"{verb} url send" for verb in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")}
_SETTERS = {
    "SetHeader": "name value",
    "SetHeaders": "headers",
    "SetHeaderVerbatim": "name value",
    "SetHeaderMultiValues": "headers",
    "SetBasicAuth": "user pass",
    "SetAuthToken": "bearer",
    "SetQueryParam": "_ _",
    "SetQueryParams": "query",
    "SetTimeout": "_",
    "SetRetryCount": "_",
    "SetDebug": "_",
    "SetPathParam": "_ _",
    "SetPathParams": "_",
    "Header.Set": "name value",
    "Header.Add": "name value",
}
RESTY = Library(
    name="resty",
    needs=r"go-resty|resty\.dev",
    clients={"resty.New()": ""},
    settings={**_SETTERS, "SetBaseURL": "base", "SetHostURL": "base", "SetRedirectPolicy": "*", "Close": ""},
    verbs={"R": ""},
    steps={
        **_SETTERS,
        **_SEND,
        **dict.fromkeys(
            ("SetBody", "SetResult", "SetError", "SetContext", "SetFormData", "SetDoNotParseResponse"), "_"
        ),
        "SetFile": "_ _",
        "Execute": "method url send",
        "EnableTrace": "",
    },
)
LIBRARIES = (NET_HTTP, RESTY)
MOCKS = (
    r"httpmock|gopkg\.in/h2non/gock|h2non/gock|DefaultTransport\s*=|DefaultClient\.Transport|"
    r"DefaultClient\s*=|dnaeon/go-vcr"
)
