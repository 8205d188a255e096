"""Find Freddy (by Aitronos) API keys before they leave the machine, and wherever they already went."""

__version__ = "0.1.0"
