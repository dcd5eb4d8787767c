"""The two kinds of bad news a person may be told; anything else is our own bug."""

from __future__ import annotations

import errno


class Refusal(Exception):
    """A rule says no.

    The text is a sentence for the person at the desk. `field` names the form field it belongs to, if there is
    one, so that the sentence can stand beside it.
    """

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class Faults(Refusal):
    """Several rules say no at once, each about a field: `faults` maps a field's name to its sentence."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()), next(iter(faults), None))
        self.faults = faults


class Conflict(Refusal):
    """Somebody else changed the record since it was read: a form reads it anew and puts both side by side."""


class NotLetIn(Refusal):
    """A server takes neither this name nor this password: another one may be typed."""


class PasswordAsked(NotLetIn):
    """A server asks for a password, and none was given: nothing was wrong so far."""


class OtherCertificate(Refusal):
    """A server shows another certificate than the one this workstation trusts, or one that it cannot believe."""


class OtherVersion(Refusal):
    """The tables are those of another version of this program: `newer` than it, or older and not ours to change."""

    def __init__(self, text: str, *, newer: bool) -> None:
        super().__init__(text)
        self.newer = newer


class Trouble(Exception):
    """The surroundings failed: disk, network, printer. Nothing was saved; trying again may help."""


class Away(Trouble):
    """The server is away: it does not answer, and nothing is known of what it did with the last order."""


class NotRead(Away):
    """The same of a question: what is on the screen stays as it was last known."""


# No file or folder is there, something else stands in its place, or no file can be called so.
_NONE_SUCH = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL}
)


def file_news(error: OSError | ValueError, said: str) -> Refusal | Trouble:
    """What to raise, with the sentence `said`, where a file that a person named cannot be read or written.

    Refusal where there is no such file or folder: another one must be named. Trouble where disk or rights stand in the
    way: the same order may succeed later.
    """
    none_such = not isinstance(error, OSError) or error.errno in _NONE_SUCH
    return Refusal(said) if none_such else Trouble(said)
