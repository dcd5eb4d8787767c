"""Groups that mail may be for, such as a registry: added, changed, removed; told by mail where they have an address."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import now
from cbo_desk.errors import Refusal
from cbo_desk.notifications import is_address
from cbo_desk.permissions import deed, reads
from cbo_desk.versions import check_version
from db.mail import MailGroup
from db.people import Entity
from db.places import Place

GROUP = "mail.group"
MOST_MEMBERS = 100_000
LABELS = {"name": "the name", "place_id": "the place", "members": "how many people", "email": "the e-mail address"}


@dataclass(frozen=True)
class GroupForm:
    """What is written about a group: `members` is how many people it reaches, `email` where it is told of mail."""

    name: str
    entity_id: int
    place_id: int | None = None
    members: int = 0
    email: str = ""


@dataclass(frozen=True)
class GroupCard:
    """One group as its form shows it; `place` is the code of where its mail is brought."""

    id: int
    form: GroupForm
    entity: str
    place: str
    version: int


@reads("mail", "look at mail")
def group_card(session: Session, group_id: int) -> GroupCard:
    """One group, for its form."""
    group = group_of(session, group_id)
    entity = session.get_one(Entity, group.entity_id)
    place = session.get(Place, group.place_id) if group.place_id else None
    return GroupCard(group.id, _form(group), entity.code, place.code if place else "", group.version)


@deed("mail.add_group", "add groups of addressees")
def add_group(session: Session, form: GroupForm) -> Changes:
    """Add a group that mail may be for, such as a registry."""
    group = MailGroup(entity_id=form.entity_id)
    _write(session, group, form)
    session.add(group)
    session.flush()
    return Changes(GROUP, (group.id,), f"Group {group.name} added.", Deed(remove_group, (group.id,)))


@deed("mail.edit_group", "change groups of addressees")
def edit_group(session: Session, group_id: int, version: int, form: GroupForm) -> Changes:
    """Change what is written about a group; `version` is the one the form was filled from.

    What was for it keeps the name that it had, as it stood on the label.
    """
    group = group_of(session, group_id)
    check_version(session, group, version, f"the group {group.name}", LABELS)
    before = _form(group)
    _write(session, group, form)
    session.flush()
    return Changes(
        GROUP, (group_id,), f"Group {group.name} saved.", Deed(edit_group, (group_id, group.version, before))
    )


@deed("mail.remove_group", "remove groups of addressees")
def remove_group(session: Session, group_id: int) -> Changes:
    """Suggest a group no longer; what was for it stays so."""
    group = group_of(session, group_id)
    group.gone_at = now(session)
    return Changes(GROUP, (group_id,), f"Group {group.name} removed.", Deed(bring_back_group, (group_id,)))


@deed("mail.bring_back_group", "add groups of addressees")
def bring_back_group(session: Session, group_id: int) -> Changes:
    """Suggest a removed group again."""
    group = group_of(session, group_id)
    group.gone_at = None
    return Changes(GROUP, (group_id,), f"Group {group.name} is back.", Deed(remove_group, (group_id,)))


def group_of(session: Session, group_id: int) -> MailGroup:
    """The group with this id; Refusal where it is gone."""
    group = session.get(MailGroup, group_id)
    if group is None:
        raise Refusal("This group is no longer there.")
    return group


def faults_of(name: str, members: int, email: str) -> dict[str, str]:
    """What is wrong with what is written about a group, by field."""
    found: dict[str, str] = {}
    if not name.strip():
        found["name"] = "A group needs a name, such as Registry."
    if not 0 <= members <= MOST_MEMBERS:
        found["members"] = f"A group has up to {MOST_MEMBERS:,} people; leave this empty where nobody counted."
    if email.strip() and not is_address(email.strip()):
        found["email"] = f"{' '.join(email.split())[:80]} is no e-mail address."
    return found


def _form(group: MailGroup) -> GroupForm:
    return GroupForm(group.name, group.entity_id, group.place_id, group.members, group.email)


def _write(session: Session, group: MailGroup, form: GroupForm) -> None:
    for field, why in faults_of(form.name, form.members, form.email).items():
        raise Refusal(why, field)
    if session.get(Entity, form.entity_id) is None:
        raise Refusal("Choose the entity it belongs to.", "entity_id")
    name = " ".join(form.name.split())
    wanted = select(MailGroup).where(MailGroup.name == name, MailGroup.entity_id == form.entity_id)
    with session.no_autoflush:
        same = session.scalar(wanted)
    if same is not None and same is not group:
        gone = " It was removed: bring it back on the page Absences and groups." if same.gone_at is not None else ""
        raise Refusal(f"This entity already has a group of that name.{gone}", "name")
    group.name, group.entity_id, group.place_id = name, form.entity_id, form.place_id
    group.members, group.email = form.members, form.email.strip()
