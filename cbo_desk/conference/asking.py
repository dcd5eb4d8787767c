"""Reads what somebody wants in their own words: "120 people, classroom, French and English, 9-12, from Monday".

Plain functions without a database. What is not understood is handed back word for word, so that it can be said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from cbo_desk import languages
from cbo_desk.conference.finding import Need, UnitWish
from cbo_desk.conference.rules import KINDS, MOST_CARS, MOST_PEOPLE, Slot
from cbo_desk.errors import Refusal
from cbo_desk.tabular.date_values import DateReading, read_date
from cbo_desk.tabular.faults import Wrong
from cbo_desk.zone import ZONE

LANGUAGES = languages.LANGUAGES
FEATURES = {
    "accessible": "accessible", "step-free": "accessible", "wheelchair": "accessible", "daylight": "daylight",
    "streaming": "streaming", "hybrid": "streaming",
}  # fmt: skip
INTERPRETATION = "interpretation"
MOST_DAYS = 31
_DIGITS = 12
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_KINDS = {
    **{kind: kind for kind in KINDS}, "class": "classroom", "board": "boardroom", "ushape": "u-shape",
    "hollow": "hollow square", "reception": "cocktail",
}  # fmt: skip
_PEOPLE = re.compile(r"\b(\d{1,3}(?:,\d{3})+|\d+)\s*(?:people|persons?|pax|participants?|delegates?|seats?)\b")
_CARS = re.compile(r"\b(\d+)\s*cars?\b")
_TIME = re.compile(r"\b(\d{1,2})(?:[:.h](\d{2}))?\s*(?:-|–|to|until)\s*(\d{1,2})(?:[:.h](\d{2}))?\b(?!\s*days?)")
_DAYS = re.compile(rf"\b(\d{{1,2}}|{'|'.join(_NUMBERS[1:])})\s+days?\b")
_WEEKDAY = re.compile(rf"\b(next\s+)?({'|'.join(_WEEKDAYS)}|{'|'.join(each[:3] for each in _WEEKDAYS)})\b")
_DATE = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}(?:\.|/)\d{1,2}(?:\.|/)\d{2,4}\b|\b\d{1,2}\s+[a-z]{3,9}(?:\s+\d{4})?\b"
)
_FILLER = {
    "and",
    "with",
    "for",
    "from",
    "on",
    "in",
    "at",
    "a",
    "an",
    "the",
    "of",
    "starting",
    "layout",
    "style",
    "room",
}


@dataclass(frozen=True)
class Request:
    """What is wanted: every day at the same hours. Languages are codes; `unread` is what nobody could make sense of."""

    people: int = 0
    kind: str = ""
    languages: tuple[str, ...] = ()
    starts: time = time(9)
    ends: time = time(12)
    days: tuple[date, ...] = ()
    features: tuple[str, ...] = ()
    cars: int = 0
    unread: tuple[str, ...] = field(default=(), compare=False)

    def need(self) -> Need:
        """The same as finding asks it: a team for every language beside the first, and a booth for every language."""
        if self.people < 1:
            raise Refusal("Say how many people come, for instance 120 people.", "people")
        if self.people > MOST_PEOPLE:
            raise Refusal(f"At most {MOST_PEOPLE:,} people can be looked for.", "people")
        if self.cars > MOST_CARS:
            raise Refusal(f"At most {MOST_CARS:,} cars can be looked for.", "cars")
        if not self.days:
            raise Refusal("Say on which day, for instance on Monday or 14 Jul.", "days")
        if self.ends <= self.starts:
            raise Refusal("The end comes after the start.", "ends")
        times = tuple(
            Slot(datetime.combine(day, self.starts, ZONE), datetime.combine(day, self.ends, ZONE)) for day in self.days
        )
        return Need(
            self.people, times, self.kind, wishes(self.languages), frozenset(self.features),
            len(self.languages) if len(self.languages) > 1 else 0, self.cars,
        )  # fmt: skip

    def on(self, days: tuple[date, ...]) -> Request:
        """The same on other days."""
        return replace(self, days=days)

    def later(self, minutes: int) -> Request:
        """The same so many minutes later, on the same days; Refusal where that is beyond midnight."""
        first = datetime.combine(date(2000, 1, 1), self.starts) + timedelta(minutes=minutes)
        last = datetime.combine(date(2000, 1, 1), self.ends) + timedelta(minutes=minutes)
        if first.day != 1 or last.day != 1:
            raise Refusal("That would be on another day.", "starts")
        return replace(self, starts=first.time(), ends=last.time())


def wishes(languages: tuple[str, ...]) -> tuple[UnitWish, ...]:
    """The teams that some languages need: each of them to and from English, or from the first where there is none."""
    if len(languages) < 2:
        return ()
    first = "en" if "en" in languages else languages[0]
    return tuple(UnitWish(INTERPRETATION, frozenset((first, each))) for each in languages if each != first)


def said(request: Request) -> str:
    """A request as a sentence that `read_request` understands; its days must follow on each other."""
    parts = [f"{request.people:,} people"] if request.people else []
    parts += [request.kind] if request.kind else []
    parts += [" and ".join(LANGUAGES[code] for code in request.languages)] if request.languages else []
    parts.append(f"{request.starts:%H:%M}-{request.ends:%H:%M}")
    if request.days:
        first = f"{request.days[0]:%-d %b %Y}"
        parts.append(f"{len(request.days)} days from {first}" if len(request.days) > 1 else first)
    parts += list(request.features)
    parts += [f"{request.cars} cars"] if request.cars else []
    return ", ".join(parts)


def read_request(text: str, today: date) -> Request:
    """What a sentence asks for; what it leaves open stays as in an empty request."""
    rest = f" {text.casefold()} "
    found = Request()
    rest, hits = _take(_PEOPLE, rest)
    if hits:
        found = replace(found, people=_count(hits[0][1]))
    rest, hits = _take(_CARS, rest)
    if hits:
        found = replace(found, cars=_count(hits[0][1]))
    rest, hits = _take(_DAYS, rest)
    count = _number(hits[0][1]) if hits else 1
    rest, first = _first_day(rest, today)
    if first is None and hits:
        first = today
    if first is not None:
        found = replace(found, days=tuple(first + timedelta(days=n) for n in range(min(count, MOST_DAYS))))
    rest, hits = _take(_TIME, rest)
    if hits:
        starts, ends = _clock(hits[0][1], hits[0][2]), _clock(hits[0][3], hits[0][4])
        if starts is not None and ends is not None:
            found = replace(found, starts=starts, ends=ends)
        else:
            rest += f" {hits[0][0]}"
    return _words(rest, found)


def _words(rest: str, found: Request) -> Request:
    """Layout, languages and features, which are words by themselves; the others are not understood."""
    kinds, languages, features, unread = [], [], [], []
    names = {name.casefold(): code for code, name in LANGUAGES.items()}
    rest = rest.replace("hollow square", "hollow").replace("u shape", "u-shape")
    for word in re.findall(r"[^\s,;]+", rest):
        bare = word.strip(".")
        if bare in _KINDS:
            kinds.append(_KINDS[bare])
        elif bare in names:
            languages.append(names[bare])
        elif bare in FEATURES:
            features.append(FEATURES[bare])
        elif bare not in _FILLER and bare:
            unread.append(bare)
    return replace(
        found, kind=kinds[-1] if kinds else "", languages=tuple(dict.fromkeys(sorted(languages))),
        features=tuple(dict.fromkeys(sorted(features))), unread=tuple(unread),
    )  # fmt: skip


def _take(pattern: re.Pattern[str], rest: str) -> tuple[str, list[re.Match[str]]]:
    """The first hit of a pattern, taken out of the text."""
    hit = pattern.search(rest)
    if hit is None:
        return rest, []
    return f"{rest[: hit.start()]} {rest[hit.end() :]}", [hit]


def _first_day(rest: str, today: date) -> tuple[str, date | None]:
    for word, days in (("tomorrow", 1), ("today", 0)):
        if re.search(rf"\b{word}\b", rest):
            return re.sub(rf"\b{word}\b", " ", rest, count=1), today + timedelta(days=days)
    hit = _WEEKDAY.search(rest)
    if hit is not None:
        number = next(n for n, each in enumerate(_WEEKDAYS) if each.startswith(hit[2][:3]))
        away = (number - today.weekday()) % 7
        if hit[1]:
            away = 7 - today.weekday() + number  # in the week after this one
        return f"{rest[: hit.start()]} {rest[hit.end() :]}", today + timedelta(days=away)
    for hit in _DATE.finditer(rest):
        day = _date(hit[0], today)
        if day is not None:
            return f"{rest[: hit.start()]} {rest[hit.end() :]}", day
    return rest, None


def _date(text: str, today: date) -> date | None:
    """A date; without its year the next such day."""
    reading = DateReading("dmy", "chosen")
    for year in ("", f" {today.year}", f" {today.year + 1}"):
        try:
            found = read_date(f"{text}{year}", reading)
        except Wrong:
            continue
        if found is not None and (not year or found >= today):
            return found
    return None


def _count(digits: str) -> int:
    """A number as it was typed; of one that is out of all bounds only that it is so."""
    bare = digits.replace(",", "")
    return int(bare) if len(bare) <= _DIGITS else 10**_DIGITS


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.index(word)


def _clock(hour: str, minute: str | None) -> time | None:
    return time(int(hour), int(minute or 0)) if int(hour) < 24 and int(minute or 0) < 60 else None
