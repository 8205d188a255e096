"""FG3xx: calls of the API that it will refuse, or that give the key away."""

from freddy_guard.rules.requests.credentials import BAD_HEADER_VALUE, MISSING_HEADER, WRONG_HEADER
from freddy_guard.rules.requests.exposure import CLIENT_SIDE_KEY, INSECURE_TRANSPORT, KEY_IN_URL

RULES = (MISSING_HEADER, WRONG_HEADER, KEY_IN_URL, INSECURE_TRANSPORT, BAD_HEADER_VALUE, CLIENT_SIDE_KEY)
