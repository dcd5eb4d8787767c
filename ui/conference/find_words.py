"""What the find page says where nothing fits, and what it asks instead so that a near miss does."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from cbo_desk.conference.asking import LANGUAGES, Request
from cbo_desk.conference.searching import Miss, Search
from cbo_desk.errors import Refusal
from cbo_desk.plurals import Count
from ui.conference.looks import days_in_words, kind_word


def asked_words(asked: Request) -> str:
    """What was asked for, in short: whom, how, and when."""
    people = QCoreApplication.translate("conference", "{count:person|people}").format(count=Count(asked.people))
    parts = [people, kind_word(asked.kind).lower()] if asked.kind else [people]
    parts += [", ".join(LANGUAGES[each] for each in asked.languages)] if asked.languages else []
    parts += asked.features
    when = f"{days_in_words(asked.days)}, {asked.starts:%H:%M}–{asked.ends:%H:%M}"
    return " · ".join([*parts, when])


def refused_words(answer: Search) -> str:
    """Why nothing fits, in so many words: how many spaces fail by what."""
    says = {
        "seats": QCoreApplication.translate("conference", "{count:space is|spaces are} too small"),
        "layout": QCoreApplication.translate("conference", "{count:space has|spaces have} no such layout"),
        "features": QCoreApplication.translate("conference", "{count:space lacks|spaces lack} what is asked for"),
        "taken": QCoreApplication.translate("conference", "{count:space is|spaces are} taken"),
        "closed": QCoreApplication.translate("conference", "{count:space is|spaces are} closed"),
        "units": QCoreApplication.translate("conference", "for {count:space|spaces} no team or set is free"),
        "ceiling": QCoreApplication.translate("conference", "{count:space breaks|spaces break} a ceiling"),
    }
    other = QCoreApplication.translate("conference", "{count:space|spaces} cannot be had at such times")
    return " · ".join(says.get(why, other).format(count=Count(number)) for why, number in answer.refused)


def changed_by(miss: Miss, asked: Request) -> Request | None:
    """What would be asked instead, so that a near miss fits; None where waiting is all that helps."""
    if miss.way == "later":
        try:
            return asked.later(int(miss.value))
        except Refusal:
            return None
    return replace(asked, kind=miss.value) if miss.way == "kind" else None
