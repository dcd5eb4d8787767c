"""Mail on a vehicle of the demo compound: one sealed bag rides along with a trip that has not left."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import now
from cbo_desk.handoffs import give_bag, trips_to_load
from cbo_desk.mail import outgoing, pouch
from cbo_desk.mail.outgoing import Handed
from db.mail_pouch import MailPouchDestination
from db.people import Entity

_GOES_TO = "ADD"


def fill_loads(session: Session) -> int:
    """Give a bag to the last of the trips that mail can go with; returns how many loads. None where no trip is left."""
    trips = trips_to_load(session, most=50)
    goal = session.scalar(select(MailPouchDestination.id).where(MailPouchDestination.code == _GOES_TO))
    entity = session.scalar(select(Entity.id).order_by(Entity.id).limit(1))
    if not trips or goal is None or entity is None:
        return 0
    package = Handed(
        entity_id=entity, recipient="Chief, Registry", weight_g=1_720, purpose="official correspondence",
        contents="letters of appointment", handed_by="Registry",
    )  # fmt: skip
    item = outgoing.hand_in_for_pouch(session, goal, package).ids[0]
    bag = pouch.open_bag(session, goal, now(session) + timedelta(hours=2)).ids[0]
    pouch.pack(session, bag, [item])
    pouch.certify(session, bag)
    pouch.seal(session, bag, "UN 448127")
    give_bag(session, bag, trips[-1].id)
    return 1
