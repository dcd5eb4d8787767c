"""Logins and passwords on plain values: what is accepted, and argon2 over what was accepted."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cbo_desk.errors import Refusal
from cbo_desk.secret import Secret

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 10
LONGEST = 200
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
# What guessing programs try first among passwords that are long enough for us.
_COMMON = ("password", "qwerty", "asdfgh", "letmein", "welcome", "iloveyou", "administrator", "12345678", "changeme")


def is_login(login: str) -> bool:
    """Whether a text can be a login as it is kept."""
    return _LOGIN.fullmatch(login) is not None


def tidy_login(login: str) -> str:
    """A login as it is kept: small letters; raises Refusal for one that cannot be."""
    neat = login.strip().lower()
    if not is_login(neat):
        raise Refusal("A login has 2 to 64 small letters, digits, dots or hyphens, such as e.lindqvist.", "login")
    return neat


def password_fault(password: Secret, login: str, name: str) -> str:
    """What is wrong with a new password, or nothing."""
    text = password.reveal()
    if len(text) < SHORTEST:
        return f"A password has at least {SHORTEST} characters. Several words in a row are easy to remember."
    if len(text) > LONGEST:
        return f"A password has at most {LONGEST} characters."
    if len(set(text)) < 5:
        return "This password repeats too few characters."
    lowered = text.lower()
    rest = lowered
    for part in sorted((login, *login.split("."), *name.lower().split()), key=len, reverse=True):
        rest = rest.replace(part, "") if len(part) > 2 else rest
    if len(rest) < len(lowered) and len(rest) < 6:
        return "A password must not be the name or the login with a little added."
    if any(word in lowered and len(lowered) - len(word) < 5 for word in _COMMON):
        return "This password is among the first that are tried. Choose another."
    return ""


def hashed(password: Secret) -> str:
    """The argon2id hash of a password, with its salt and cost."""
    return hasher().hash(password.reveal())


def is_right(known: str, password: Secret) -> bool:
    """Whether a password fits a hash; without a hash it takes as long and is wrong."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return hasher().verify(known or _nobodys(), password.reveal()) and bool(known)
    except (VerificationError, InvalidHashError):
        return False


def wants_rehash(known: str) -> bool:
    """Whether a hash was made with other costs than today's."""
    return hasher().check_needs_rehash(known)


@lru_cache(maxsize=1)
def hasher() -> PasswordHasher:
    """The hasher with the costs of RFC 9106's second recommendation: 64 MiB, three passes, four lanes."""
    from argon2 import PasswordHasher
    from argon2.profiles import RFC_9106_LOW_MEMORY

    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """A hash that nobody's password fits: who tries an unknown login waits as long as for a known one."""
    return hasher().hash(" nobody ")
