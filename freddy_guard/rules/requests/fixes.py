"""The corrected call, for the library that was used: what is to be written instead."""

from __future__ import annotations

from collections.abc import Mapping

from freddy_guard.rules.requests.call import Call

_ENVIRON = 'os.environ["FREDDY_API_KEY"]'
_PYTHON = f'headers={{"X-API-Key": {_ENVIRON}}}'
_NODE = 'headers: { "X-API-Key": process.env.FREDDY_API_KEY }'
_JAVA = 'System.getenv("FREDDY_API_KEY")'
_DOTNET = 'Environment.GetEnvironmentVariable("FREDDY_API_KEY")'
_PHP = 'getenv("FREDDY_API_KEY")'
_RUBY = 'ENV.fetch("FREDDY_API_KEY")'
_RUST = 'std::env::var("FREDDY_API_KEY")?'
_DART = 'Platform.environment["FREDDY_API_KEY"]!'

# By library. {url} is the URL, {verb} the method in lower case, {Verb} capitalised, {METHOD} in capitals.
FIXES: Mapping[str, str] = {
    "requests": f'requests.{{verb}}("{{url}}", {_PYTHON})',
    "requests.Session": f'session.headers["X-API-Key"] = {_ENVIRON}',
    "httpx": f'httpx.{{verb}}("{{url}}", {_PYTHON})',
    "httpx.Client": f"httpx.Client({_PYTHON})",
    "httpx.AsyncClient": f"httpx.AsyncClient({_PYTHON})",
    "aiohttp": f'session.{{verb}}("{{url}}", {_PYTHON})',
    "urllib.request": f'urllib.request.Request("{{url}}", method="{{METHOD}}", {_PYTHON})',
    "urllib3": f'http.request("{{METHOD}}", "{{url}}", {_PYTHON})',
    "http.client": f'connection.request("{{METHOD}}", "{{path}}", {_PYTHON})',
    "freddy_client": (
        f'AuthenticatedClient(base_url="{{base}}", token={_ENVIRON}, prefix="", auth_header_name="X-API-Key")'
    ),
    "aitronos": f"Aitronos(api_key={_ENVIRON})",
    "curl": 'curl -X {METHOD} -H "X-API-Key: $FREDDY_API_KEY" {url}',
    "wget": 'wget --method={METHOD} --header="X-API-Key: $FREDDY_API_KEY" {url}',
    "httpie": 'http {METHOD} {url} "X-API-Key:$FREDDY_API_KEY"',
    "http": "{METHOD} {url}\nX-API-Key: {{$dotenv FREDDY_API_KEY}}",
    "net/http": (
        'req, err := http.NewRequest("{METHOD}", "{url}", body)\n'
        'req.Header.Set("X-API-Key", os.Getenv("FREDDY_API_KEY"))'
    ),
    "resty": 'resty.New().R().SetHeader("X-API-Key", os.Getenv("FREDDY_API_KEY")).{Verb}("{url}")',
    "java.net.http": (
        f'HttpRequest.newBuilder(URI.create("{{url}}")).header("X-API-Key", {_JAVA}).method("{{METHOD}}", body).build()'
    ),
    "HttpURLConnection": f'connection.setRequestProperty("X-API-Key", {_JAVA})',
    "okhttp": f'Request.Builder().url("{{url}}").header("X-API-Key", {_JAVA}).build()',
    "RestClient": f'client.{{verb}}().uri("{{url}}").header("X-API-Key", {_JAVA}).retrieve()',
    "RestTemplate": (
        f'headers.set("X-API-Key", {_JAVA})\n'
        'template.exchange("{url}", HttpMethod.{METHOD}, new HttpEntity<>(body, headers), String.class)'
    ),
    "ktor": f'client.{{verb}}("{{url}}") {{ header("X-API-Key", {_JAVA}) }}',
    "HttpClient": f'client.DefaultRequestHeaders.Add("X-API-Key", {_DOTNET})',
    "HttpWebRequest": f'request.Headers.Add("X-API-Key", {_DOTNET})',
    "WebClient": f'client.Headers.Add("X-API-Key", {_DOTNET})',
    "RestSharp": f'request.AddHeader("X-API-Key", {_DOTNET})',
    "php-curl": f'curl_setopt($ch, CURLOPT_HTTPHEADER, ["X-API-Key: " . {_PHP}])',
    "guzzle": f'$client->request("{{METHOD}}", "{{url}}", ["headers" => ["X-API-Key" => {_PHP}]])',
    "laravel": f'Http::withHeaders(["X-API-Key" => {_PHP}])->{{verb}}("{{url}}")',
    "php-stream": (
        f'$context = stream_context_create(["http" => ["method" => "{{METHOD}}", "header" => "X-API-Key: ".{_PHP}]])\n'
        'file_get_contents("{url}", false, $context)'
    ),
    "net-http": f'Net::HTTP::{{Verb}}.new(URI("{{url}}"), "X-API-Key" => {_RUBY})',
    "open-uri": f'URI.open("{{url}}", "X-API-Key" => {_RUBY})',
    "HTTParty": f'HTTParty.{{verb}}("{{url}}", headers: {{ "X-API-Key" => {_RUBY} }})',
    "Faraday": f'Faraday.new(headers: {{ "X-API-Key" => {_RUBY} }}).{{verb}}("{{url}}")',
    "rest-client": (
        f'RestClient::Request.execute(method: :{{verb}}, url: "{{url}}", headers: {{ "X-API-Key" => {_RUBY} }})'
    ),
    "http.rb": f'HTTP.headers("X-API-Key" => {_RUBY}).{{verb}}("{{url}}")',
    "Excon": f'Excon.{{verb}}("{{url}}", headers: {{ "X-API-Key" => {_RUBY} }})',
    "reqwest": f'client.{{verb}}("{{url}}").header("X-API-Key", {_RUST}).send()',
    "ureq": f'ureq::{{verb}}("{{url}}").header("X-API-Key", {_RUST}).call()',
    "surf": f'surf::{{verb}}("{{url}}").header("X-API-Key", {_RUST}).send()',
    "URLSession": 'request.setValue(apiKey, forHTTPHeaderField: "X-API-Key")',
    "Alamofire": 'AF.request("{url}", method: .{verb}, headers: ["X-API-Key": apiKey])',
    "dart-http": f'http.{{verb}}(Uri.parse("{{url}}"), headers: {{"X-API-Key": {_DART}}})',
    "dio": f'dio.{{verb}}("{{url}}", options: Options(headers: {{"X-API-Key": {_DART}}}))',
    "dart:io": f'request.headers.set("X-API-Key", {_DART})',
    "Invoke-RestMethod": (
        'Invoke-RestMethod -Method {Verb} -Uri "{url}" -Headers @{ "X-API-Key" = $env:FREDDY_API_KEY }'
    ),
    "fetch": f'fetch("{{url}}", {{ method: "{{METHOD}}", {_NODE} }})',
}
# Where the key may not be at all, whatever the library.
_SERVER = "call the API on your server, with the key from FREDDY_API_KEY, and let the page call your server"


def fix(call: Call, rule: str) -> str:
    """Return the corrected call, several lines where it takes them, "" where we know none."""
    if rule == "FG306":
        return _SERVER
    template = FIXES.get(call.library, "")
    verb = call.method or "GET"
    shown = call.url.shown.replace("http://", "https://", 1)
    values = {"{url}": shown, "{base}": f"https://{call.url.host}", "{path}": call.url.path.replace("\0", "…")}
    values |= {"{verb}": verb.lower(), "{Verb}": verb.capitalize(), "{METHOD}": verb}
    for name, value in values.items():
        template = template.replace(name, value)
    return template
