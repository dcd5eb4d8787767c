"""The server is lost: its backup goes into another one, made on another computer, and everybody works on."""

from __future__ import annotations

import psycopg
import pytest

from cbo_desk import audit, integrity
from cbo_desk.backup import backup, restore
from cbo_desk.compound import open_office
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.people import EntityForm, accounts, add_account, add_entity, entities, remove_account, set_password
from cbo_desk.permissions import Role
from cbo_desk.secret import Secret
from cbo_desk.server.cluster import Cluster, stop_server
from cbo_desk.server.opening import FirstAdministrator, make_office
from db import guard
from tests.server.conftest import CLERKS, Served, free_port

pytestmark = pytest.mark.may_skip("a computer without PostgreSQL of its own cannot serve an office")
NEW = Secret("eleven green bottles")


@pytest.fixture(scope="module")
def second(place, run_as):
    """Another server, as `server init` makes it for an administrator who was not the first of the lost one."""
    cluster = Cluster(place / "second", free_port(), ("localhost",), "localhost", run_as)
    server = Served(cluster, make_office(cluster, "compound", FirstAdministrator("gwen", "Gwen Wafula", NEW)))
    yield server
    stop_server(cluster)


@pytest.fixture
def gwen_at_the_first(served):
    """Her account on the server that is lost, which is all that she had there."""
    ada = open_office(served.url())
    roles = {"settings": Role.ADMINISTRATOR, "people": Role.CLERK}
    made = ada.write(add_account, "gwen", "Gwen Wafula", roles, CLERKS)
    yield
    ada.write(remove_account, *made.ids)
    ada.close()


def wrong_of(office):
    """What the check says is wrong: on the shared server what other tests wrote past the program, if anything."""
    return [finding.found for finding in integrity.check(office) if not finding.ok]


def test_a_backup_goes_into_another_cluster_than_its_own(served, second, gwen_at_the_first, tmp_path):
    ada = open_office(served.url())
    ada.write(add_entity, EntityForm("LOST-1", "Of the lost server"))
    codes, chain, wrong = sorted(row.code for row in ada.read(entities)), ada.read(audit.verify), wrong_of(ada)
    file = tmp_path / "a.backup"
    written = backup(ada, file)
    ada.close()
    # What stands on the new server is not replaced unless that is said, and an administrator alone cannot put it there.
    secret = Secret((second.cluster.folder / "superuser.secret").read_text())
    owner = second.url("cbo_superuser", secret)
    with pytest.raises(Refusal, match="holds tables already and was left alone"):
        restore(file, owner)
    with pytest.raises(Trouble, match=r"does not allow this account.*Nothing was changed\."):
        restore(file, second.url("gwen", NEW), overwrite=True)
    restored = restore(file, owner, overwrite=True)
    assert (restored.rows, restored.audit_entries) == (written.rows, chain.entries)
    # Who administers the new server comes in at once, with the roles of the backup.
    gwen = open_office(second.url("gwen", NEW))
    assert (gwen.actor.name, gwen.actor.roles["settings"]) == ("Gwen Wafula", Role.ADMINISTRATOR)
    assert sorted(row.code for row in gwen.read(entities)) == codes
    assert gwen.read(audit.verify).bad_seq is None
    assert guard.deviations(gwen.engine) == []
    assert wrong_of(gwen) == wrong
    # The others have their account and no login yet: nobody else's password came with the backup.
    known = {row.login: row.known for row in gwen.read(accounts)}
    assert (known["gwen"], known["ben"], known["ada"]) == (True, False, False)
    with pytest.raises(Refusal, match="refuses this name or password"):
        open_office(second.url("ben", CLERKS))
    [ben] = [row.id for row in gwen.read(accounts) if row.login == "ben"]
    gwen.write(set_password, ben, CLERKS)
    gwen.close()
    clerk = open_office(second.url("ben", CLERKS))
    clerk.write(add_entity, EntityForm("SECOND-1", "Of the second"))
    assert sorted(row.code for row in clerk.read(entities)) == sorted([*codes, "SECOND-1"])
    clerk.close()
    with second.connect("ben", CLERKS) as connection:
        for attack in ("DELETE FROM audit_entry", "SET ROLE cbo_owner", "SELECT cbo_let_in('gwen', false)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(attack)
    # The first server knows nothing of it.
    ada = open_office(served.url())
    assert sorted(row.code for row in ada.read(entities)) == codes
    ada.close()
