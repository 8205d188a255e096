"""What is wrong: every rule is one constant, and RULES is the list of them."""

from freddy_guard.model import Rule
from freddy_guard.rules.dotenv import RULE as COMMITTED_DOTENV
from freddy_guard.rules.keys import HARDCODED_KEY, MALFORMED_KEY
from freddy_guard.rules.requests import RULES as REQUESTS
from freddy_guard.rules.shared import SHARED_KEY

RULES: tuple[Rule, ...] = (HARDCODED_KEY, MALFORMED_KEY, SHARED_KEY, COMMITTED_DOTENV, *REQUESTS)
