"""Everything that can go wrong, on one page. A finding about a text is a value (`Verdict`), never an exception.

QuantSharkError
├── SourceError        a file or feed that cannot be read: name, line, the way out
├── DataError          a registry file of ours or the user's is wrong
├── SettingsError      a setting is missing or does not fit
├── EditionError       an edition file does not fit its schema
├── PromptError        a prompt file does not fit its inputs
├── StoreError         the database is older, newer, locked or gone
│   └── NotFoundError       no document, draft or release of that id
├── WriterError        a writer could not make a section
│   ├── ModelError     the endpoint failed: carries `retry_after`, and `final` when trying again is useless
│   └── ReplyError     the reply does not fit the schema: carries what to tell the model
├── EditError          an edit that cannot be made: no such section, a binding that does not agree
│   └── ConflictError       somebody else saved first: carries both texts and, where it is clean, the merged one
├── RightsError        this person may not do this, or not alone
├── ReleaseError       a draft that may not go out, or a release that does not verify
├── CancelledError     a person stopped a draft
├── LabError           a frozen day, variant or comparison that cannot be used
├── ExportError        a format that this machine cannot make: `notice` says it in Chinese
└── TargetError        a channel refused, or cannot say whether it took the message
    └── HaltedError         nothing may go out now: kill switch, embargo or withdrawal

A message says what happened, shows the value, and says what to do; what the next step needs are attributes.
"""

from __future__ import annotations


class QuantSharkError(Exception):
    """The root; `details` is what the next step needs, by name."""

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.details = details


class SourceError(QuantSharkError):
    """A file or feed that cannot be read."""


class DataError(QuantSharkError):
    """A registry file is wrong."""


class SettingsError(QuantSharkError):
    """A setting is missing or does not fit."""


class EditionError(QuantSharkError):
    """An edition file does not fit its schema."""


class PromptError(QuantSharkError):
    """A prompt file does not fit its inputs."""


class StoreError(QuantSharkError):
    """The database is older, newer, locked or gone."""


class NotFoundError(StoreError):
    """No document, draft or release of that id."""


class WriterError(QuantSharkError):
    """A writer could not make a section."""

    @property
    def told(self) -> str:
        """What an editor reads of it: the `notice` where one was given."""
        return str(self.details.get("notice") or self)


class ModelError(WriterError):
    """The endpoint failed."""

    def __init__(
        self, message: str, *, retry_after: float | None = None, final: bool = False, **details: object
    ) -> None:
        super().__init__(message, **details)
        self.retry_after = retry_after
        self.final = final


class ReplyError(WriterError):
    """The reply does not fit the schema; the message is what to tell the model."""


class EditError(QuantSharkError):
    """An edit that cannot be made; `notice` is the sentence for the editor."""

    def __init__(self, message: str, *, notice: str = "", **details: object) -> None:
        super().__init__(message, **details)
        self.notice = notice or message


class ConflictError(EditError):
    """Somebody else saved first; nothing was changed. `merged` is None where both changed the same words."""

    def __init__(
        self,
        message: str,
        *,
        notice: str = "",
        newest: str = "",
        mine: str = "",
        theirs: str = "",
        merged: str | None = None,
    ) -> None:
        super().__init__(message, notice=notice)
        self.newest = newest
        self.mine = mine
        self.theirs = theirs
        self.merged = merged


class RightsError(QuantSharkError):
    """This person may not do this, or not alone; `notice` is the sentence for the editor."""

    def __init__(self, message: str, *, notice: str = "", **details: object) -> None:
        super().__init__(message, **details)
        self.notice = notice or message


class ReleaseError(QuantSharkError):
    """A draft that may not go out, or a release that does not verify."""


class CancelledError(QuantSharkError):
    """A person stopped a draft."""


class ExportError(QuantSharkError):
    """A format that this machine cannot make."""


class TargetError(QuantSharkError):
    """A channel refused, or cannot say whether it took the message."""

    def __init__(self, message: str, *, unknown: bool = False, **details: object) -> None:
        super().__init__(message, **details)
        self.unknown = unknown


class HaltedError(TargetError):
    """Nothing may go out now: kill switch, embargo or withdrawal; `notice` is the sentence for the editor."""

    def __init__(self, message: str, *, notice: str = "") -> None:
        super().__init__(message)
        self.notice = notice or message


class LabError(QuantSharkError):
    """A frozen day, variant or comparison that cannot be used."""
