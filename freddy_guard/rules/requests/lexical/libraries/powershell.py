"""PowerShell: its cmdlets; what their parameters do is told where commands are read."""

from __future__ import annotations

from freddy_guard.rules.requests.lexical.things import Library

INVOKE = Library(
    name="Invoke-RestMethod", needs=r"(?i)invoke-restmethod|invoke-webrequest|\birm\b|\biwr\b|\bcurl\b|\bwget\b"
)
LIBRARIES = (INVOKE,)
MOCKS = (
    r"(?i)\bMock\s+(?:-CommandName\s+)?['\"]?(?:Invoke-|irm|iwr)|Should\s+-Invoke|PSDefaultParameterValues|"
    r"function\s+(?:global:)?(?:Invoke-RestMethod|Invoke-WebRequest|irm|iwr|curl)\b|Set-Alias[^\n]*\b(?:irm|iwr|curl)\b"
)
