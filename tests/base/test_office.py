"""One button press is kept whole or not at all, whatever fails, on both engines."""

from __future__ import annotations

import socket
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cbo_desk import audit
from cbo_desk.changes import Changes
from cbo_desk.compound import prepare
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.office import Office
from cbo_desk.permissions import Actor, Role, administrator, deed
from cbo_desk.refusals import REFERENCES, SENTENCES, sentence_for
from db.base import Base
from db.engine import open_engine, sqlite_module
from db.people import Entity, Person


def everything(engine):
    """Every row of every table: what "nothing was saved" is held against."""
    with engine.connect() as connection:
        return {
            table.name: sorted(str(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def wfp(office, desk):
    """An entity to work on."""
    return office.write(desk.add_entity, "WFP", "Food").ids[0]


def test_failure_after_any_statement_leaves_nothing(office, desk, wfp):
    """The n-th statement fails, for every n there is, the commit included."""
    before = everything(office.engine)
    told = {"left": 0}

    def fail(*_arguments):
        told["left"] -= 1
        if told["left"] == 0:
            raise OSError("the disk went away")

    sa.event.listen(office.engine, "before_cursor_execute", fail)
    if office.engine.dialect.name == "sqlite":  # on a server the commit goes along with the last statement
        sa.event.listen(office.engine, "commit", fail)
    failures = 0
    for n in range(1, 100):
        told["left"] = n
        try:
            office.write(desk.add_numbered, "T")
        except OSError:
            failures += 1
            told["left"] = 0
            assert everything(office.engine) == before
        else:
            break
    assert failures > (6 if office.engine.dialect.name == "sqlite" else 3)
    told["left"] = 0
    assert office.read(desk.entity_codes) == ["WFP", "T-0001"], "failed deeds leave no gap in the numbers"
    assert office.read(audit.verify) == audit.Proof(2)


def test_what_the_server_refuses_at_the_commit_itself_leaves_nothing(postgres_url, desk):
    """The entry, the head and the commit travel in one message: a rule that is asked at its end takes them all back."""
    office = Office(open_engine(postgres_url), administrator("ada", "Ada"))
    office.write(desk.add_entity, "WFP")
    with office.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF NEW.code = 'BAD' THEN "
            "RAISE EXCEPTION 'too late' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END$$"
        )
        connection.exec_driver_sql(
            "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON entity DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION late()"
        )
    before = everything(office.engine)
    with pytest.raises(Refusal):
        office.write(desk.add_entity, "BAD")
    assert everything(office.engine) == before
    office.write(desk.add_entity, "GOOD")  # the control: the rule lets others through, and the connection is sound
    assert office.read(desk.entity_codes) == ["WFP", "GOOD"]
    assert office.read(audit.verify) == audit.Proof(2)
    office.close()


def test_a_bug_in_a_command_leaves_nothing(office, wfp):
    @deed("people.break", "break things")
    def broken(session):
        session.add(Entity(code="NEW", name="new"))
        session.flush()
        raise ZeroDivisionError

    before = everything(office.engine)
    with pytest.raises(ZeroDivisionError):
        office.write(broken)
    assert everything(office.engine) == before


def test_what_one_may_not_do_is_refused_before_anything(engine, desk):
    clerk = Office(engine, Actor("carl", "Carl", {"people": Role.CLERK}, "DESK-2"))
    assert clerk.may(desk.add_entity)
    assert not clerk.may(desk.remove_entity)
    before = everything(engine)
    with pytest.raises(Refusal, match=r"You may not remove entities: it needs the role supervisor on the People desk"):
        clerk.write(desk.remove_entity, 1)
    with pytest.raises(Refusal, match="You may not swap names"):
        clerk.write(desk.swap_names, 1, 2)
    assert everything(engine) == before


def test_undo_is_a_deed_like_any_other(office, desk):
    done = office.write(desk.add_entity, "UNEP")
    office.write(done.undo.command, *done.undo.args)
    assert office.read(desk.entity_codes) == []
    assert office.read(audit.verify) == audit.Proof(2)


def test_two_edits_of_one_version(office, desk, wfp):
    _, version = office.read(desk.entity_card, wfp)
    office.write(desk.rename_entity, wfp, "first", version)
    with pytest.raises(Refusal, match="in the meantime"):
        office.write(desk.rename_entity, wfp, "second", version)
    assert office.read(desk.entity_card, wfp) == ("first", version + 1)


def test_an_edit_under_our_feet_is_refused(office, desk, wfp):
    """The row changes between reading and writing inside one deed: the version column notices."""

    @deed("people.slow", "rename slowly")
    def slow(session):
        entity = session.get_one(Entity, wfp)
        session.execute(sa.update(Entity).values(version=9).execution_options(synchronize_session=False))
        entity.name = "slow"
        return Changes("people.entity", (wfp,), "Renamed.")

    with pytest.raises(Refusal, match="Somebody else changed this"):
        office.write(slow)
    assert office.read(desk.entity_card, wfp)[0] == "Food"


def test_a_real_deadlock_is_tried_again(postgres_url, desk):
    """Two deeds take two rows in opposite order; the server picks a victim, which then simply runs again."""
    engine = open_engine(postgres_url)

    @sa.event.listens_for(engine, "connect")
    def look_for_deadlocks_only(connection, _record):
        # Where the server itself is stopped for seconds, a lock's own limit would come before the look for deadlocks.
        connection.execute("SET deadlock_timeout = '20ms'")
        connection.execute("SET lock_timeout = '60s'")
        connection.commit()

    office = Office(engine, administrator("ada", "Ada"))
    first, second = (office.write(desk.add_entity, code).ids[0] for code in ("A", "B"))
    meeting = threading.Barrier(2)
    met: set[int] = set()
    states: list[str] = []
    sa.event.listen(office.engine, "handle_error", lambda context: states.append(context.original_exception.sqlstate))

    def pause() -> None:
        if threading.get_ident() not in met:
            met.add(threading.get_ident())
            meeting.wait(20)

    both = [
        threading.Thread(target=office.write, args=(desk.swap_names, *order, pause))
        for order in ((first, second), (second, first))
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    assert "40P01" in states, "the control: there was a deadlock"
    assert office.read(audit.verify) == audit.Proof(4)
    assert {office.read(desk.entity_card, ident)[1] for ident in (first, second)} == {3}
    office.close()


def test_a_full_disk(sqlite_url, desk):
    engine = open_engine(sqlite_url)
    office = Office(engine, administrator("ada", "Ada"))

    @sa.event.listens_for(engine, "begin")
    def small(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    before = everything(engine)
    with pytest.raises(Trouble, match=r"The disk is full\. Nothing was saved\."):
        office.write(desk.add_entity, "BIG", "x" * 100_000)
    assert everything(engine) == before
    assert office.read(audit.verify) == audit.Proof(0)
    office.close()


def test_a_database_that_may_only_be_read(sqlite_url, postgres_url, desk):
    for url, switch in ((sqlite_url, "PRAGMA query_only = ON"), (postgres_url, None)):
        engine = open_engine(url)
        if switch:
            sa.event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA query_only = ON"))
        else:
            sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("SET TRANSACTION READ ONLY"))
        office = Office(engine, administrator("ada", "Ada"))
        with pytest.raises(Trouble, match=r"may (not be written|only be read)\. Nothing was saved\."):
            office.write(desk.add_entity, "WFP")
        assert office.read(desk.entity_codes) == []
        office.close()


def test_a_file_that_another_program_holds(sqlite_url, desk):
    engine = open_engine(sqlite_url)
    sa.event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout = 10"))
    office = Office(engine, administrator("ada", "Ada"))
    office.write(desk.add_entity, "WFP")
    other = sqlite_module().connect(engine.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Trouble, match=r"Another program holds the database\. Nothing was saved\."):
        office.write(desk.add_entity, "UNEP")
    assert office.read(desk.entity_codes) == ["WFP"]
    other.close()
    office.write(desk.add_entity, "UNEP")
    office.close()


def test_a_connection_that_is_cut_in_mid_deed(postgres_url, desk):
    office = Office(open_engine(postgres_url), administrator("ada", "Ada"))

    @deed("people.cut", "cut the line")
    def cut(session):
        session.add(Entity(code="LOST", name="lost"))
        session.flush()
        own = session.scalar(sa.text("SELECT pg_backend_pid()"))
        other = open_engine(postgres_url)
        with other.connect() as connection:
            connection.execute(sa.text(f"SELECT pg_terminate_backend({own}, 5000)"))
        other.dispose()
        return Changes("people.entity", (1,), "Cut.")

    with pytest.raises(Trouble, match="Nothing was saved"):
        office.write(cut)
    office.write(desk.add_entity, "NEXT")
    assert office.read(desk.entity_codes) == ["NEXT"]
    assert office.read(audit.verify) == audit.Proof(1)
    office.close()


def test_a_server_that_dies_and_comes_back(desk):
    from scripts.postgres import running

    with running(durable=True) as server:
        url = server.url()
        office = Office(prepare(url), administrator("ada", "Ada"))
        office.write(desk.add_entity, "BEFORE")
        server.kill()
        with pytest.raises(Trouble):
            office.write(desk.add_entity, "DURING")
        with pytest.raises(Trouble):
            office.read(desk.entity_codes)
        with pytest.raises(Trouble):
            office.hear()
        server.start()
        office.write(desk.add_entity, "AFTER")
        assert office.read(desk.entity_codes) == ["BEFORE", "AFTER"]
        assert office.read(audit.verify) == audit.Proof(2)
        office.close()


class Wire:
    """A line to the server that is cut when the client says COMMIT: before it arrives, or after it was obeyed."""

    def __init__(self, port: int, *, deliver: bool) -> None:
        self._there, self._deliver, self.cut = port, deliver, False
        self._ear = socket.create_server(("127.0.0.1", 0))
        self.port = self._ear.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._ear.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._there))
            for here, there, outward in ((near, far, True), (far, near, False)):
                self._threads.append(threading.Thread(target=self._carry, args=(here, there, outward), daemon=True))
                self._threads[-1].start()

    def _carry(self, here: socket.socket, there: socket.socket, outward: bool) -> None:
        with here, there:
            while True:
                try:
                    said = here.recv(65536)
                    if said and outward and b"COMMIT" in said and not self.cut:
                        self.cut = True
                        there.sendall(said if self._deliver else b"")
                        here.shutdown(socket.SHUT_RDWR)
                        there.shutdown(socket.SHUT_RDWR)
                        return
                    there.sendall(said)
                except OSError:
                    return
                if not said:
                    return

    def close(self) -> None:
        self._ear.shutdown(socket.SHUT_RDWR)
        self._ear.close()
        for thread in self._threads:
            thread.join(10)


@pytest.mark.parametrize("deliver", [True, False])
def test_an_answer_that_is_lost_is_looked_up(postgres_url, postgres_server, desk, deliver):
    """The line breaks at the commit: what was kept is reported as kept, what was not as not."""
    wire = Wire(postgres_server.port, deliver=deliver)
    engine = open_engine(postgres_url.replace(f":{postgres_server.port}/", f":{wire.port}/"))
    office = Office(engine, administrator("ada", "Ada"))
    try:
        if deliver:
            assert office.write(desk.add_entity, "WFP").said == "Entity WFP added."
        else:
            with pytest.raises(Trouble, match=r"Nothing was saved\."):
                office.write(desk.add_entity, "WFP")
        assert wire.cut, "the control: the line was cut"
        assert office.read(desk.entity_codes) == (["WFP"] if deliver else [])
        assert office.read(audit.verify) == audit.Proof(int(deliver))
    finally:
        office.close()
        wire.close()


def test_values_no_database_can_keep_are_refused(office, wfp):
    @deed("people.keep", "keep values")
    def keep(session, code, prints):
        session.add(Entity(code=code, name="x"))
        session.execute(sa.text("SELECT CAST(:n AS BIGINT)"), {"n": prints})
        return Changes("people.entity", (wfp,), "Kept.")

    before = everything(office.engine)
    with pytest.raises(Refusal, match="A text holds a character"):
        office.write(keep, "half \ud800", 1)
    with pytest.raises(Refusal, match="A number is too large"):
        office.write(keep, "ok", 2**70)
    if office.engine.dialect.name == "postgresql":
        with pytest.raises(Refusal, match="holds a character"):
            office.write(keep, "nul\x00", 1)
        incompressible = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(4000))
        with pytest.raises(Refusal, match="A text is too long"):
            office.write(keep, incompressible, 1)
    assert everything(office.engine) == before


def test_every_constraint_has_a_sentence():
    checks = (sa.CheckConstraint, sa.UniqueConstraint)
    named = {
        str(item.name)
        for table in Base.metadata.sorted_tables
        for item in table.constraints
        if isinstance(item, checks)
    }
    assert named - set(SENTENCES) == set(), "write their sentences into cbo_desk/refusals.py"
    keys = {str(key.name) for table in Base.metadata.sorted_tables for key in table.foreign_key_constraints}
    assert keys - set(REFERENCES) == set(), "write their sentences into cbo_desk/refusals.py"
    assert all(text.endswith(".") for text in (*SENTENCES.values(), *sum(REFERENCES.values(), ())))


def test_broken_rules_are_told_in_their_own_sentences(office, desk, wfp):
    with pytest.raises(Refusal, match=r"^Another entity has this code\.$"):
        office.write(desk.add_entity, "WFP")
    with pytest.raises(Refusal, match=r"^An entity needs a code\.$"):
        office.write(desk.add_entity, "")

    @deed("people.add_person", "add people")
    def add_person(session, entity, family, entity_code="WFP"):
        session.add(Person(entity_id=entity, entity_code=entity_code, family_name=family, sort_name=family))
        session.flush()
        return Changes("people.person", (1,), "Added.")

    with pytest.raises(Refusal, match=r"^A person needs a family name\.$"):
        office.write(add_person, wfp, "")
    with pytest.raises(Refusal, match=r"no longer there|what it refers to is gone"):
        office.write(add_person, 999, "Otieno")
    office.write(add_person, wfp, "Otieno")
    with pytest.raises(Refusal, match=r"still (belong|refers)"):
        office.write(desk.remove_entity, wfp)
    with pytest.raises(Refusal, match=r"must be given"):
        office.write(add_person, wfp, None)


def test_a_value_that_looks_like_a_constraint_does_not_mislead(office, desk):
    office.write(desk.add_entity, "uq_tag_code")
    with pytest.raises(Refusal, match="Another entity has this code"):
        office.write(desk.add_entity, "uq_tag_code")


def test_an_unknown_rule_is_named():
    error = sa.exc.IntegrityError("", {}, Exception("CHECK constraint failed: ck_future_thing"))
    assert sentence_for(error) == "The database refuses this: CHECK constraint failed: ck_future_thing."


def test_every_deed_has_one_instant(office, clock):
    seen = []

    @deed("people.look", "look at the clock")
    def look(session: Session):
        from cbo_desk.context import now

        seen.extend((now(session), now(session)))
        return Changes("people.entity", (1,), "Looked.")

    office.write(look)
    assert seen == [clock.now, clock.now]
