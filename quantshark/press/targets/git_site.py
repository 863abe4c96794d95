"""A Hugo site kept in Git: the report becomes a content file, one commit a release, pushed to the site's branch.

The clone belongs to this target alone and is brought to the branch's state before each release; whether a release is
there already is read from the branch itself, so a push whose answer was lost is recognised.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from quantshark.errors import TargetError
from quantshark.model import Receipt, Release
from quantshark.press.targets import utc_now
from quantshark.press.targets.folder import files_digest, put

SECONDS = 60
TRIES = 3
AUTHOR = ("QuantShark", "press@quantshark.invalid")
_REMOTE = re.compile(r"(?:https://|ssh://|[\w.-]+@[\w.-]+:|/|file://)\S+")


class GitTarget:
    """Writes `content/{section}/{stem}.md` and `static/{section}/{stem}.ledger.json` and pushes them."""

    tells = True

    def __init__(
        self,
        remote: str,
        clone: Path,
        *,
        name: str,
        branch: str = "main",
        section: str = "posts",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        if not _REMOTE.fullmatch(remote):
            raise TargetError(
                f"the Git remote of {name} is no address: use https://…, ssh://…, user@host:path or a folder"
            )
        self.name = name
        self._remote = remote
        self._clone = clone
        self._branch = branch
        self._section = section
        self._now = now

    def send(self, release: Release, files: Mapping[str, bytes]) -> Receipt:
        """One commit that holds the release; nothing where the branch has it already."""
        placed = {
            Path("content", self._section, f"{release.stem}.md"): files[f"{release.stem}.md"],
            Path("static", self._section, f"{release.stem}.ledger.json"): files[f"{release.stem}.ledger.json"],
        }
        for tried in range(1, TRIES + 1):
            self._catch_up()
            if not self._write(placed):
                return self._receipt(release, files, "unchanged", placed)
            self._git("add", "--", *map(str, placed))
            self._git("commit", "--quiet", "--message", f"{release.release_id}: {release.title}")
            if self._pushed(last=tried == TRIES):
                return self._receipt(release, files, "sent", placed)
        raise AssertionError("the last try either pushes or raises")

    def _write(self, placed: Mapping[Path, bytes]) -> bool:
        try:
            for path in placed:
                (self._clone / path).parent.mkdir(parents=True, exist_ok=True)
            written = [put(self._clone / path, content) for path, content in placed.items()]
        except OSError as error:
            raise TargetError(f"cannot write into {self._clone}: {error.strerror or error}; make room") from error
        return any(written)

    def _catch_up(self) -> None:
        if not (self._clone / ".git").is_dir():
            shutil.rmtree(self._clone, ignore_errors=True)
            self._clone.parent.mkdir(parents=True, exist_ok=True)
            self._run("git", "clone", "--quiet", "--", self._remote, str(self._clone))
        self._git("fetch", "--quiet", "origin")
        if self._git("ls-remote", "--heads", "origin", self._branch).strip():
            self._git("checkout", "--quiet", "--force", "-B", self._branch, f"origin/{self._branch}")
        else:
            self._git("checkout", "--quiet", "--force", "-B", self._branch)
        self._git("clean", "--quiet", "-fd")

    def _pushed(self, *, last: bool) -> bool:
        """False where somebody else pushed in between."""
        try:
            self._git("push", "--quiet", "origin", f"HEAD:refs/heads/{self._branch}")
        except TargetError:
            if last:
                raise
            return False
        return True

    def _git(self, *words: str) -> str:
        name, mail = AUTHOR
        own = (
            "-c",
            f"user.name={name}",
            "-c",
            f"user.email={mail}",
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "commit.gpgsign=false",
        )
        return self._run("git", "-C", str(self._clone), *own, *words)

    def _run(self, *words: str) -> str:
        env = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "https:ssh:file", "LC_ALL": "C"}
        try:
            done = subprocess.run(words, capture_output=True, timeout=SECONDS, check=False, env=env)  # noqa: S603  our words
        except subprocess.TimeoutExpired:
            raise TargetError(f"git for {self.name} took more than {SECONDS} seconds; it is tried again") from None
        except OSError as error:
            raise TargetError(f"git cannot be run ({error}); install it") from error
        if done.returncode:
            raise TargetError(f"git for {self.name} failed: {_without_secrets(done.stderr.decode(errors='replace'))}")
        return done.stdout.decode(errors="replace")

    def _receipt(
        self, release: Release, files: Mapping[str, bytes], status: str, placed: Mapping[Path, bytes]
    ) -> Receipt:
        return Receipt(
            release_id=release.release_id,
            channel=self.name,
            status="sent" if status == "sent" else "unchanged",
            at=self._now(),
            where=tuple(str(path) for path in placed),
            digest=files_digest(files),
        )


def _without_secrets(told: str) -> str:
    """The last line that Git says, without a password in an address."""
    lines = [line for line in told.strip().split("\n") if line]
    return re.sub(r"//[^/@\s]+@", "//…@", lines[-1] if lines else "no word")[:200]
