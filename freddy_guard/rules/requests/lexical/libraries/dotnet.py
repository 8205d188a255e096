"""C#: HttpClient, WebClient, HttpWebRequest, RestSharp, Flurl."""

from __future__ import annotations

from freddy_guard.rules.requests.lexical.things import Library

_GETS = [
    "GetAsync",
    "GetStringAsync",
    "GetByteArrayAsync",
    "GetStreamAsync",
    "GetFromJsonAsync",
    "GetFromJsonAsAsyncEnumerable",
]
_POSTS = {"Post": "POST", "Put": "PUT", "Patch": "PATCH"}
_HEADERS = {
    "Headers.Add": "name value",
    "Headers.TryAddWithoutValidation": "name value",
    "Headers.Authorization=": "auth",
    "Headers.Accept.Add": "_",
    "Headers.Accept.ParseAdd": "_",
    "Headers.UserAgent.ParseAdd": "_",
    "Headers.UserAgent.Add": "_",
    "Headers.CacheControl=": "_",
    "Headers.Remove": "_",
    "Headers.[]=": "name value",
    "Headers.Accept.Clear": "",
    "Headers.ExpectContinue=": "_",
    "Headers.Host=": "_",
}
_INITIALIZER = {"Headers=": "headers", "Headers.set=": "_"}
HTTP_CLIENT = Library(
    name="HttpClient",
    needs=r"\bHttpClient\b",
    prefix="System.Net.Http.",
    clients={"HttpClient()": "?"},
    settings={
        **{f"DefaultRequest{key}": spec for key, spec in _HEADERS.items()},
        "DefaultRequestHeaders=": "headers",
        "BaseAddress=": "base",
        "Timeout=": "_",
        "MaxResponseContentBufferSize=": "_",
        "DefaultRequestVersion=": "_",
        "DefaultVersionPolicy=": "_",
        "Dispose": "",
        "CancelPendingRequests": "",
    },
    verbs={
        **dict.fromkeys(_GETS, "GET url * send"),
        **{f"{verb}{kind}Async": f"{method} url * send" for verb, method in _POSTS.items() for kind in ("", "AsJson")},
        "DeleteAsync": "DELETE url * send",
        "DeleteFromJsonAsync": "DELETE url * send",
        "SendAsync": "request *",
        "Send": "request *",
    },
    starts={"HttpRequestMessage()": "method url"},
    steps={
        **_HEADERS,
        **_INITIALIZER,
        "Method=": "method",
        "RequestUri=": "url",
        "Content=": "_",
        "Version=": "_",
        "VersionPolicy=": "_",
        "Dispose": "",
        "Content.Headers.ContentType=": "_",
        "Properties=": "_",
    },
    resolves=True,
)
WEB_REQUEST = Library(
    name="HttpWebRequest",
    needs=r"WebRequest",
    prefix="System.Net.",
    starts={
        **dict.fromkeys(("WebRequest.Create()", "WebRequest.CreateHttp()", "HttpWebRequest.Create()"), "GET url open")
    },
    steps={
        **_HEADERS,
        "Headers=": "?",
        "Method=": "method",
        **dict.fromkeys(("Credentials=", "UseDefaultCredentials=", "PreAuthenticate="), "?"),
        **dict.fromkeys(
            ("GetResponse", "GetResponseAsync", "GetRequestStream", "GetRequestStreamAsync", "Abort"), "read"
        ),
        **dict.fromkeys(("ContentType=", "Accept=", "UserAgent=", "Timeout=", "ContentLength=", "KeepAlive="), "_"),
    },
)
_DOWNLOADS = ["DownloadString", "DownloadData", "DownloadStringTaskAsync", "DownloadDataTaskAsync", "OpenRead"]
_UPLOADS = ["UploadString", "UploadData", "UploadStringTaskAsync", "UploadValues"]
WEB_CLIENT = Library(
    name="WebClient",
    needs=r"\bWebClient\b",
    prefix="System.Net.",
    clients={"WebClient()": "?"},
    settings={
        **_HEADERS,
        "Headers=": "?",
        "BaseAddress=": "base",
        "Encoding=": "_",
        "Dispose": "",
        **dict.fromkeys(("Credentials=", "UseDefaultCredentials="), "?"),
        "QueryString.Add": "?",
    },
    verbs={**dict.fromkeys(_DOWNLOADS, "GET url * send"), **dict.fromkeys(_UPLOADS, "POST url * send")},
)
_RESTSHARP = {"AddHeader": "name value", "AddOrUpdateHeader": "name value", "AddHeaders": "headers"}
RESTSHARP = Library(
    name="RestSharp",
    needs=r"RestSharp",
    clients={"RestClient()": "base ? ?"},
    settings={
        "AddDefaultHeader": "name value",
        "AddDefaultHeaders": "headers",
        "Timeout=": "_",
        "BaseUrl=": "base",
        "Dispose": "",
        "AcceptedContentTypes=": "_",
    },
    verbs={
        **dict.fromkeys(["ExecuteAsync", "Execute"], "request *"),
        **dict.fromkeys(
            [
                "GetAsync",
                "PostAsync",
                "PutAsync",
                "DeleteAsync",
                "PatchAsync",
                "Get",
                "Post",
                "Put",
                "Delete",
                "ExecuteGetAsync",
                "ExecutePostAsync",
            ],
            "request *",
        ),
        "GetJsonAsync": "GET url * send",
        "PostJsonAsync": "POST url * send",
    },
    starts={"RestRequest()": "url method *"},
    steps={
        **_RESTSHARP,
        **dict.fromkeys(
            ["AddJsonBody", "AddBody", "AddStringBody", "AddFile", "AddUrlSegment", "AddObject", "AddXmlBody"], "*"
        ),
        "AddQueryParameter": "param_name param_value *",
        "AddParameter": "*",
        "Method=": "method",
        "RequestFormat=": "_",
        "Resource=": "url",
        "Timeout=": "_",
        "AlwaysMultipartFormData=": "_",
    },
)
LIBRARIES = (HTTP_CLIENT, WEB_REQUEST, WEB_CLIENT, RESTSHARP)
MOCKS = r"MockHttp|RichardSzalay|WireMock|Moq\b|new Mock<|NSubstitute|Substitute\.For|HttpTest\b|FakeItEasy|Mock\.Of"
