"""What kinds of files are kept with records: told by their first bytes, and named so that no computer runs them."""

from __future__ import annotations

import io
import re

from cbo_desk.errors import Refusal

_OFFICE = "application/vnd.openxmlformats-officedocument."
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    _OFFICE + "wordprocessingml.document": (".docx",),
    _OFFICE + "spreadsheetml.sheet": (".xlsx",),
    "text/plain": (".txt", ".csv", ".tsv", ".log", ".md", ".json", ".ics", ".eml"),
}
"""How the names of each kind end, the usual ending first: a computer opens, or runs, a file by its ending alone."""
ALLOWED = "JPEG, PNG, WebP, GIF, PDF, Word, Excel or plain text"


def media_type_of(content: bytes) -> str | None:
    """What the first bytes say a file is, whatever its name says; None for what is not kept here."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return "text/plain" if text and not re.search(r"[\x00-\x08\x0e-\x1f]", text) else None


def tidy_name(name: str) -> str:
    """A file's name without folders and odd characters, 120 letters at most."""
    bare = re.split(r"[\\/]", name)[-1]
    bare = re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff<>:\"|?*]", "", bare).strip(" .")
    return bare[-120:] or "unnamed"


def kept_name(name: str, media_type: str) -> str:
    """The name under which contents of a type are kept: tidy, with an ending that tells what they are.

    Raises Refusal for text that is called a picture or another paper: it is what is left of one that did not come over.
    """
    tidy = tidy_name(name)
    stem, dot, last = tidy.rpartition(".")
    ending = (dot + last).lower() if stem else ""
    endings = _ENDINGS[media_type]
    if ending in endings:
        return tidy
    if any(ending in others for others in _ENDINGS.values()):
        if media_type == "text/plain":
            raise Refusal(
                f"{tidy} is called {last.upper()} and holds only text: it was not copied or loaded whole. "
                f"Get the file again, or call it {stem[:60]}.txt if the text is what you want."
            )
        tidy = stem
    return tidy[-(120 - len(endings[0])) :] + endings[0]


def _office_type(content: bytes) -> str | None:
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()[:5000]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "word/document.xml" in names:
        return _OFFICE + "wordprocessingml.document"
    return _OFFICE + "spreadsheetml.sheet" if "xl/workbook.xml" in names else None
