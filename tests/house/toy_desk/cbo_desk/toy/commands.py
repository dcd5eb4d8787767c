"""What the toy desk can do."""

from __future__ import annotations

from cbo_desk.toy import rules
from db.toy import Toy
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed

TOY = "toy.toy"


@deed("toy.add_toy", "add toys")
def add_toy(session: Session, name: str) -> Changes:
    """Add a toy and make it findable."""
    toy = Toy(name=rules.tidy_name(name))
    session.add(toy)
    session.flush()
    search.enter(session, [search.Findable(TOY, toy.id, toy.name, "Toy")])
    return Changes(TOY, (toy.id,), f"{toy.name} was added.", Deed(remove_toy, (toy.id,)))


@deed("toy.remove_toy", "remove toys")
def remove_toy(session: Session, toy_id: int) -> Changes:
    """Take a toy away again."""
    toy = session.get(Toy, toy_id)
    if toy is None:
        raise Refusal("This toy is gone.")
    session.delete(toy)
    search.withdraw(session, TOY, [toy_id])
    return Changes(TOY, (toy_id,), f"{toy.name} was taken back.", Deed(add_toy, (toy.name,)))
