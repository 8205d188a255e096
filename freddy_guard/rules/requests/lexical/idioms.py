"""Names by which the standard libraries join, wrap and read texts and URLs."""

from __future__ import annotations

import re

# Functions that return what they are handed, and members that return what they hang on, as far as a URL or a key goes.
SAME = frozenset(
    [
        "QueryEscape",
        "urlencode",
        "rawurlencode",
        "encode_www_form_component",
        "escape",
        "EscapeDataString",
        "UrlEncode",
        "encodeComponent",
        "encodeQueryComponent",
        "URI",
        "Uri",
        "URL",
        "Url",
        "create",
        "parse",
        "from",
        "of",
        "String",
        "str",
        "str_repr",
        "toURI",
        "valueOf",
        "strval",
        "as_str",
        "HeaderValue",
        "from_str",
        "from_static",
        "AuthenticationHeaderValue",
        "Contents",
        "toHttpUrl",
        "get",
        "toHttpUrlOrNull",
        "MediaTypeHeaderValue",
        "encoded",
        "url",
        "listOf",
        "arrayOf",
        "from_string",
        "NewString",
        "TrimSpace",
        "trim",
        "strings.TrimSpace",
        "some",
        "Some",
        "Ok",
        "stringValue",
        "parseUri",
        "const",
        "nameof",
        "GURL",
    ]
)
SUFFIXES = frozenset(
    [
        "toString",
        "to_string",
        "to_owned",
        "as_str",
        "into",
        "clone",
        "unwrap",
        "expect",
        "trim",
        "build",
        "toUri",
        "toURI",
        "toURL",
        "toHttpUrl",
        "toHttpUrlOrNull",
        "to_s",
        "absoluteString",
        "AbsoluteUri",
        "ToString",
        "freeze",
        "orEmpty",
        "as_ref",
        "newBuilder",
        "strip",
        "String",
        "trimIndent",
        "unwrap_or_default",
        "strip_heredoc",
        "dup",
        "to_str",
        "as_bytes",
        "description",
        "toHttpUrlOrThrow",
        "Trim",
        "normalize",
        "toUriString",
        "encode",
    ]
)
UNSLASHED = frozenset(
    [
        "trimEnd",
        "TrimEnd",
        "removeSuffix",
        "chomp",
        "trim_end_matches",
        "rtrim",
        "delete_suffix",
        "TrimRight",
        "TrimSuffix",
        "trim_matches",
        "trimRight",
    ]
)
APPENDED = frozenset(
    [
        "appendingPathComponent",
        "appending",
        "appendPath",
        "addPathSegments",
        "addPathSegment",
        "appendPathComponent",
        "JoinPath",
    ]
)
QUERY = frozenset(
    ["addQueryParameter", "addEncodedQueryParameter", "queryParam", "setQueryParam", "appendQueryParameter"]
)
ENVIRON = re.compile(
    r"(?i)(?:getenv|lookupenv|env|var|var_os|fetch|getenvironmentvariable|getproperty|getstring|fromenvironment|environ|get|config|\[\])\Z"
)
FORMATS = frozenset(
    [
        "String.format",
        "fmt.Sprintf",
        "Sprintf",
        "sprintf",
        "format!",
        "string.Format",
        "String.Format",
        "format",
        "String.formatted",
        "std.format!",
    ]
)
