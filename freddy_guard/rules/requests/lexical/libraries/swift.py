"""Swift: URLSession, Alamofire."""

from __future__ import annotations

from freddy_guard.rules.requests.lexical.things import Library

_TASKS = ["dataTask", "downloadTask", "uploadTask", "dataTaskPublisher", "data", "download", "upload", "bytes"]
URL_SESSION = Library(
    name="URLSession",
    needs=r"URLSession|URLRequest|contentsOf",
    clients={"URLSession.shared": "", "URLSession()": "configuration:configuration delegate:_ delegateQueue:_"},
    settings={"finishTasksAndInvalidate": "", "invalidateAndCancel": ""},
    verbs=dict.fromkeys(
        _TASKS, "for:either with:either from:either fromFile:_ completionHandler:_ delegate:_ GET send"
    ),
    starts={
        "URLRequest()": "GET url:url cachePolicy:_ timeoutInterval:_",
        "NSMutableURLRequest()": "GET url:url cachePolicy:_ timeoutInterval:_",
        "Data()": "contentsOf:url send",
        "String()": "contentsOf:url encoding:_ send",
    },
    steps={
        "setValue": "value forHTTPHeaderField:name",
        "addValue": "value forHTTPHeaderField:name",
        "allHTTPHeaderFields=": "headers",
        "allHTTPHeaderFields.[]=": "name value",
        "httpMethod=": "method",
        "value": "forHTTPHeaderField:_",
        **dict.fromkeys(
            [
                "httpBody=",
                "timeoutInterval=",
                "cachePolicy=",
                "httpBodyStream=",
                "allowsCellularAccess=",
                "httpShouldHandleCookies=",
                "networkServiceType=",
                "assumesHTTP3Capable=",
                "url=",
            ],
            "_",
        ),
    },
)
ALAMOFIRE = Library(
    name="Alamofire",
    needs=r"Alamofire",
    starts={
        f"{name}.{call}()": (
            "GET url method:method parameters:_ encoding:_ encoder:_ headers:headers interceptor:? "
            "requestModifier:? to:url multipartFormData:_ send"
        )
        for name in ("AF", "Alamofire", "Session.default")
        for call in ("request", "download", "upload")
    },
)
LIBRARIES = (URL_SESSION, ALAMOFIRE)
MOCKS = r"URLProtocol\b|OHHTTPStubs|Mocker\b|MockURLSession|StubURL|HTTPStubs|registerClass"
