"""Standard input, and the message of a commit that is being made."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from freddy_guard.model import Place
from freddy_guard.sources.texts import Message, Stdin
from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.scans import Seen, keys, only, places, scanned, unread

KEY = key(1)
LEAK = f'client = Client("{KEY}")\n'
SCISSORS = "------------------------ >8 ------------------------"


class TestStdin:
    def test_key_and_where_it_stands(self) -> None:
        finding = only(Stdin(io.BytesIO(b"first\n" + LEAK.encode()).read))
        assert (finding.origin.path, finding.region.start.line) == ("-", 2)

    def test_nothing_at_all_reads_nothing(self) -> None:
        assert scanned(Stdin(io.BytesIO(b"").read)).coverage.empty

    def test_counts_what_came(self) -> None:
        assert scanned(Stdin(io.BytesIO(b"12345").read)).coverage.read == {"files": 1, "bytes": 5}

    def test_more_than_fits_in_one_window(self) -> None:
        data = b"x" * ((16 << 20) - 10) + b" " + KEY.encode() + b"\n" + b"y" * 10_000
        assert only(Stdin(io.BytesIO(data).read)).region.start.offset == data.index(KEY.encode())


MESSAGES = {
    "subject": (f"{KEY}\n", 1),
    "body": (f"subject\n\nbody\n{KEY}\n", 4),
    "comment, for git may keep it": (f"subject\n# {KEY}\n", 2),
    "trailer without a final newline": (f"subject\n\nToken: {KEY}", 3),
    "above the scissors": (f"subject\n\n{KEY}\n# {SCISSORS}\n", 3),
    "what only looks like scissors": (f"subject\n{SCISSORS}\n{KEY}\n", 3),
    "CRLF": (f"subject\r\n\r\n{KEY}\r\n", 3),
}


class TestMessage:
    @pytest.mark.parametrize("name", MESSAGES)
    def test_every_part(self, tmp_path: Path, name: str) -> None:
        text, line = MESSAGES[name]
        path = tmp_path / "COMMIT_EDITMSG"
        path.write_bytes(text.encode())
        finding = only(Message(str(path)))
        assert finding.region.start.line == line
        assert (finding.origin.place, finding.origin.path) == (Place.COMMIT_MESSAGE, str(path))

    @pytest.mark.parametrize("mark", ["#", ";", "%"])
    def test_what_git_cuts_off(self, tmp_path: Path, mark: str) -> None:
        path = tmp_path / "COMMIT_EDITMSG"
        path.write_text(f"subject\n{mark} {SCISSORS}\n{mark} Do not modify\n-{LEAK}")
        assert scanned(Message(str(path))).verdicts == ()

    def test_removal_shown_by_a_verbose_commit(self, repo: Repo, tmp_path: Path) -> None:
        """The diff below git's own mark shows the key that goes away."""
        repo.commit({"app.py": LEAK})
        repo.stage("app.py", "clean\n")
        kept = tmp_path / "kept"
        repo.git("-c", f'core.editor=cp "$1" \'{kept}\'; echo x > "$1"; true', "commit", "--quiet", "--verbose")
        assert KEY in kept.read_text()
        assert scanned(Message(str(kept))).verdicts == ()

    def test_file_that_is_not_there(self, tmp_path: Path) -> None:
        report = scanned(Message(str(tmp_path / "nowhere")))
        assert (keys(report), unread(report)) == ([], [f"{tmp_path / 'nowhere'}: No such file or directory"])

    def test_empty_message(self, tmp_path: Path) -> None:
        (tmp_path / "m").write_text("")
        report = scanned(Message(str(tmp_path / "m")))
        assert report.coverage.complete
        assert report.coverage.read["messages"] == 1


def test_place_of_a_message_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "m").write_text(KEY)
    assert places([only(Message(str(tmp_path / "m")))]) == [Seen(str(tmp_path / "m"), Place.COMMIT_MESSAGE)]
