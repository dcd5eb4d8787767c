"""Photos and papers on any record, stored once by content, with limits of size and type and a small picture."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, defer

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now, today
from cbo_desk.dated import Declared, declare, value_on
from cbo_desk.errors import Refusal
from cbo_desk.file_types import ALLOWED, PICTURES, kept_name, media_type_of
from cbo_desk.permissions import Actor, Role, Rule, check, deed, reads
from db.records import Attachment, Blob

KIND = "attachment"
LIMIT = declare(Declared("attachment_limit_mb", "The largest photo or paper", 20, "MB", "shipped", least=1, most=500))
MOST_PIXELS = 100_000_000
THUMBNAIL = 256
NeedToKnow = Callable[[Session, int], Rule | None]
"""The rule for whoever may know of a record by its id; None where all of its desk may."""
_CLOSED: dict[str, NeedToKnow] = {}


@dataclass(frozen=True)
class AttachmentRow:
    """One photo or paper as a card lists it; `size` in bytes."""

    id: int
    name: str
    media_type: str
    size: int
    made_at: datetime
    made_by: str
    has_thumbnail: bool


@dataclass(frozen=True)
class Contents:
    """The bytes of a photo or paper, to be opened or saved."""

    name: str
    media_type: str
    content: bytes


def close_to_others(kind: str, need: NeedToKnow) -> None:
    """Keep photos and papers on records of a kind for those who may know; nothing tells others even their names."""
    _CLOSED[kind] = need


def may_attach(acting: Actor, kind: str) -> bool:
    """Whether somebody may add to records of a kind: clerks of its desk may."""
    return acting.may(_rule(kind))


@deed("people.attach", "add photos and papers", Role.VIEWER)
def attach(session: Session, kind: str, ident: int, name: str, content: bytes) -> Changes:
    """Add a photo or paper to a record; the same content is stored once.

    Raises Refusal where it is too large, of another type, or not the picture it claims to be. A name whose ending tells
    something else is given the right one.
    """
    _check_add(session, kind, ident)
    check_size(name, len(content), largest(session))
    media = media_type_of(content)
    if media is None:
        raise Refusal(f"{name} is of a type that is not kept here. Use {ALLOWED}.")
    named = kept_name(name, media)
    digest = hashlib.sha256(content).hexdigest()
    if session.get(Blob, digest, options=[defer(Blob.content)]) is None:
        thumbnail = _thumbnail(name, content, PICTURES[media]) if media in PICTURES else None
        session.add(Blob(sha256=digest, size=len(content), media_type=media, content=content, thumbnail=thumbnail))
        session.flush()
    return _put_on(session, kind, ident, digest, named)


@deed("people.attach_again", "add photos and papers", Role.VIEWER)
def attach_again(session: Session, kind: str, ident: int, sha256: str, name: str) -> Changes:
    """Put back a photo or paper that was taken off."""
    _check_add(session, kind, ident)
    if session.get(Blob, sha256, options=[defer(Blob.content)]) is None:
        raise Refusal("The contents are gone. Add the file again.")
    return _put_on(session, kind, ident, sha256, name)


@deed("people.detach", "take off photos and papers", Role.VIEWER)
def detach(session: Session, ident: int) -> Changes:
    """Take a photo or paper off its record; its contents stay until unused ones are cleared."""
    row = session.get(Attachment, ident)
    if row is None:
        raise Refusal("This photo or paper is no longer there.")
    _check_add(session, row.record_kind, row.record_id)
    again = (row.record_kind, row.record_id, row.sha256, row.name)
    session.delete(row)
    also: dict[str, tuple[int, ...]] = {row.record_kind: (row.record_id,)}
    said = f"{_said_name(row.record_kind, row.name)} taken off."
    return Changes(KIND, (ident,), said, Deed(attach_again, again), also=also)


@deed("settings.clear_unused_attachments", "clear unused photos and papers", Role.ADMINISTRATOR)
def clear_unused(session: Session) -> Changes:
    """Delete contents that no record shows any more; what was taken off can then no longer be put back."""
    used = select(Attachment.sha256)
    gone = session.scalars(delete(Blob).where(Blob.sha256.not_in(used)).returning(Blob.sha256)).all()
    return Changes(KIND, (), f"{len(gone)} unused photos and papers deleted.", everything=True)


@reads("people", "look at photos and papers")
def attachments_of(session: Session, kind: str, ident: int) -> list[AttachmentRow]:
    """The photos and papers on a record, the newest first."""
    _check_look(session, kind, ident)
    wanted = (
        select(
            Attachment.id, Attachment.name, Blob.media_type, Blob.size, Attachment.made_at, Attachment.made_by,
            Blob.thumbnail.is_not(None),
        )
        .join(Blob, Blob.sha256 == Attachment.sha256)
        .where(Attachment.record_kind == kind, Attachment.record_id == ident)
        .order_by(Attachment.id.desc())
    )  # fmt: skip
    return [AttachmentRow(*row) for row in session.execute(wanted)]


@reads("people", "look at photos and papers")
def largest(session: Session) -> int:
    """How many megabytes a photo or paper may have today."""
    return int(value_on(session, LIMIT.name, today(session)))


def check_size(name: str, size: int, most: int) -> None:
    """Raise Refusal for a file of more bytes than `most` megabytes: a window asks before it reads one."""
    if size > most * 1_000_000:
        raise Refusal(f"{name} is larger than {most} MB. Make it smaller, or have the limit raised in Settings.")


@reads("people", "look at photos and papers")
def contents_of(session: Session, ident: int) -> Contents:
    """The bytes of a photo or paper."""
    row = session.get(Attachment, ident)
    if row is None:
        raise Refusal("This photo or paper is no longer there.")
    _check_look(session, row.record_kind, row.record_id)
    blob = session.get_one(Blob, row.sha256)
    return Contents(row.name, blob.media_type, blob.content)


@reads("people", "look at photos and papers")
def thumbnail_of(session: Session, ident: int) -> bytes | None:
    """The small picture of a photo, as PNG; None for a paper."""
    row = session.get(Attachment, ident)
    if row is None:
        return None
    _check_look(session, row.record_kind, row.record_id)
    return session.scalar(select(Blob.thumbnail).where(Blob.sha256 == row.sha256))


@reads("settings")
def unused(session: Session) -> int:
    """How many contents no record shows any more."""
    wanted = select(func.count()).select_from(Blob).where(Blob.sha256.not_in(select(Attachment.sha256)))
    return int(session.scalar(wanted) or 0)


def _thumbnail(name: str, content: bytes, form: str) -> bytes:
    """A small PNG of a picture; refuses a bomb by what its header promises, before a pixel is read."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=[form])
            if picture.width * picture.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            picture.draft("RGB", (2 * THUMBNAIL, 2 * THUMBNAIL))
            small = ImageOps.exif_transpose(picture)
            small.thumbnail((THUMBNAIL, THUMBNAIL))
            kept = io.BytesIO()
            small.convert("RGBA" if "A" in small.getbands() or "transparency" in small.info else "RGB").save(
                kept, "PNG"
            )
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal(f"{name} has more than {MOST_PIXELS // 1_000_000} million pixels. Make it smaller.") from error
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, IndexError, TypeError, OverflowError) as error:
        raise Refusal(
            f"{name} cannot be read as a picture. It may be damaged: copy it from the camera again."
        ) from error
    return kept.getvalue()


def _put_on(session: Session, kind: str, ident: int, digest: str, name: str) -> Changes:
    same = (Attachment.record_kind == kind, Attachment.record_id == ident, Attachment.sha256 == digest)
    there = session.scalar(select(Attachment.name).where(*same).limit(1))
    if there is not None:
        raise Refusal(f"{name} is there already." if there == name else f"{name} is there already, as {there}.")
    row = Attachment(
        record_kind=kind, record_id=ident, sha256=digest, name=name, made_at=now(session), made_by=actor(session).login
    )
    session.add(row)
    session.flush()
    return Changes(KIND, (row.id,), f"{_said_name(kind, name)} added.", Deed(detach, (row.id,)), also={kind: (ident,)})


def _desk(kind: str) -> str:
    return kind.split(".")[0]


def _said_name(kind: str, name: str) -> str:
    """What a sentence calls a photo or paper: a name may tell what few need to know."""
    return "A photo or paper" if kind in _CLOSED else name


def _check_look(session: Session, kind: str, ident: int) -> None:
    check(actor(session), Rule(f"{_desk(kind)}.read", _desk(kind), Role.VIEWER, "look at this desk"))
    need = _CLOSED[kind](session, ident) if kind in _CLOSED else None
    if need is not None:
        check(actor(session), need)


def _check_add(session: Session, kind: str, ident: int) -> None:
    check(actor(session), _rule(kind))
    _check_look(session, kind, ident)


def _rule(kind: str) -> Rule:
    return Rule(f"{_desk(kind)}.attach", _desk(kind), Role.CLERK, "add photos and papers here")
