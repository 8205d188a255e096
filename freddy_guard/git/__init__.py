"""The only door to git: streams of objects and changes, read without running anything a repository brings."""
