"""Who brought a key to a path, when several commits, paths or branches could be named."""

from __future__ import annotations

from freddy_guard.git.plumbing import Git
from freddy_guard.model import Finding, Place
from freddy_guard.sources.history import History
from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.scans import found, keys, only, scanned

KEY, OTHER = key(1), key(2)
LEAK = f'client = Client("{KEY}")\n'


def history(repo: Repo) -> list[Finding]:
    return found(History(Git(str(repo.path))))


def brought(repo: Repo) -> dict[str, str]:
    """Return for each path the commit that brought its key."""
    findings = history(repo)
    assert len({finding.origin.path for finding in findings}) == len(findings)
    return {finding.origin.path: finding.origin.commit for finding in findings}


def test_rename_with_an_edit_is_told_for_both_paths(repo: Repo) -> None:
    text = "".join(f"line {number}\n" for number in range(50))
    first = repo.commit({"old.py": text + LEAK})
    repo.git("mv", "old.py", "new.py")
    second = repo.commit({"new.py": text + "more\n" + LEAK})
    assert brought(repo) == {"new.py": second, "old.py": first}


def test_copy_is_told_for_both_paths(repo: Repo) -> None:
    first = repo.commit({"a.py": LEAK})
    second = repo.commit({"b.py": LEAK})
    assert brought(repo) == {"a.py": first, "b.py": second}


def test_first_version_at_a_path_counts_even_when_a_later_one_is_the_older_blob(repo: Repo) -> None:
    elsewhere = repo.commit({"template.py": LEAK})
    first = repo.commit({"app.py": "x = 1\n" + LEAK})
    repo.commit({"app.py": LEAK})
    assert brought(repo) == {"app.py": first, "template.py": elsewhere}


def test_two_branches_that_bring_the_same_file_are_one_finding_with_both_refs(repo: Repo) -> None:
    repo.commit({"readme": "none\n"})
    repo.start("side")
    first = repo.commit({"app.py": LEAK})
    repo.switch("main")
    repo.commit({"app.py": LEAK})
    origin = only(History(Git(str(repo.path)))).origin
    assert (origin.commit, origin.refs, origin.in_head) == (first, ("refs/heads/main", "refs/heads/side"), True)


def test_two_versions_on_two_branches_are_one_finding_with_both_refs(repo: Repo) -> None:
    repo.commit({"readme": "none\n"})
    repo.start("side")
    first = repo.commit({"app.py": LEAK})
    repo.switch("main")
    repo.commit({"app.py": LEAK + "more\n"})
    origin = only(History(Git(str(repo.path)))).origin
    assert (origin.commit, origin.refs, origin.in_head) == (first, ("refs/heads/main", "refs/heads/side"), True)


def test_folder_name_on_two_branches_is_one_finding_with_both_refs(repo: Repo) -> None:
    repo.commit({"readme": "none\n"})
    repo.start("side")
    first = repo.commit({f"{KEY}/a": "a\n", f"{KEY}/b": "a\n"})
    repo.switch("main")
    repo.commit({f"{KEY}/c": "c\n"})
    origin = only(History(Git(str(repo.path)))).origin
    assert (origin.path, origin.commit) == (KEY, first)
    assert (origin.refs, origin.in_head) == (("refs/heads/main", "refs/heads/side"), True)


def test_another_key_in_the_same_file_has_its_own_commit(repo: Repo) -> None:
    first = repo.commit({"app.py": LEAK})
    second = repo.commit({"app.py": LEAK + f"other = '{OTHER}'\n"})
    repo.commit({"app.py": f"other = '{OTHER}'\n"})
    told = {finding.fingerprint: finding.origin for finding in history(repo)}
    by_commit = {origin.commit: origin.in_head for origin in told.values()}
    assert by_commit == {first: False, second: True}


def test_key_twice_in_one_file_is_told_twice(repo: Repo) -> None:
    repo.commit({"app.py": LEAK + LEAK})
    assert [finding.region.start.line for finding in history(repo)] == [1, 2]


def test_merge_that_takes_over_is_not_the_one_who_brought_it(repo: Repo) -> None:
    repo.commit({"app.py": "none\n"})
    repo.start("side")
    leak = repo.commit({"app.py": LEAK})
    repo.switch("main")
    repo.commit({"other": "none\n"})
    repo.merge("side")
    assert brought(repo) == {"app.py": leak}


def test_clock_that_runs_backwards_does_not_change_the_order(repo: Repo) -> None:
    tree = repo.tree({"app.py": repo.blob(LEAK)})
    first = repo.raw_commit(tree, who="Late <l@example.org>", message="first\n")
    repo.ref("refs/heads/main", repo.raw_commit(tree, first))
    assert brought(repo) == {"app.py": first}


def test_malformed_identities_and_dates_are_shown_as_they_are(repo: Repo) -> None:
    tree = repo.tree({"app.py": repo.blob(LEAK)})
    data = f"tree {tree}\nauthor nobody at all\ncommitter C <c@example.org> 99999999999999999 +0000\n\n".encode()
    repo.git("update-ref", "refs/heads/main", repo.object("commit", data + b"caf\xe9\n"))
    origin = only(History(Git(str(repo.path)))).origin
    assert (origin.author, origin.date) == ("nobody at all", "")


def test_head_of_a_linked_worktree_counts_there(repo: Repo) -> None:
    repo.commit({"readme": "none\n"})
    linked = repo.worktree(repo.path.parent / "linked", "side")
    leak = linked.commit({"app.py": LEAK})
    assert only(History(Git(str(repo.path)))).origin.in_head is False
    origin = only(History(Git(str(linked.path)))).origin
    assert (origin.commit, origin.in_head, origin.refs) == (leak, True, ("refs/heads/side",))


def test_notes_of_any_name_are_notes_and_a_note_in_a_branch_is_a_file(repo: Repo) -> None:
    repo.commit({"readme": "none\n"})
    repo.git("notes", "--ref=review", "add", "-m", LEAK)
    repo.ref("refs/heads/copy", repo.oid("refs/notes/review"))
    assert only(History(Git(str(repo.path)))).origin.place is Place.FILE
    repo.git("update-ref", "-d", "refs/heads/copy")
    assert only(History(Git(str(repo.path)))).origin.place is Place.NOTE


def test_dotenv_of_the_past_is_told_with_its_commit(repo: Repo) -> None:
    leak = repo.commit({"api/.env": "DB_PASSWORD=Xk39fj2LmQ8z\n"})
    repo.remove("api/.env")
    report = scanned(History(Git(str(repo.path))))
    (verdict,) = report.open()
    origin = verdict.finding.origin
    assert (verdict.finding.rule.id, origin.path, origin.commit) == ("FG201", "api/.env", leak)
    assert origin.in_head is False
    assert keys(report) == []


def test_many_findings_are_attributed_without_asking_git_for_each(repo: Repo) -> None:
    """Over a hundred blobs: the whole stream of changes is read instead of a search for each object."""
    files = {f"f{number}.py": f"k = '{key(number)}'\n" for number in range(130)}
    leak = repo.commit(files)
    assert brought(repo) == dict.fromkeys(sorted(files), leak)


def test_empty_repository_reads_nothing(repo: Repo) -> None:
    report = scanned(History(Git(str(repo.path))))
    assert report.coverage.empty
    assert report.coverage.complete


def test_counts_what_it_read(repo: Repo) -> None:
    repo.commit({"app.py": "none\n", "lib/b.py": "b\n"})
    repo.tag("v1", "HEAD", "one\n")
    report = scanned(History(Git(str(repo.path))))
    counted = {kind: number for kind, number in report.coverage.read.items() if kind != "bytes"}
    assert counted == {"refs": 2, "blobs": 2, "trees": 2, "commits": 1, "tags": 1}
