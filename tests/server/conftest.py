"""A real server made by the program's own command, with an administrator and a clerk of their own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from cbo_desk.compound import open_office
from cbo_desk.people import add_account
from cbo_desk.people.signing_in import change_password, given_password, renew
from cbo_desk.permissions import Role
from cbo_desk.secret import Secret
from cbo_desk.server.cluster import Cluster, stop_server
from cbo_desk.server.opening import FirstAdministrator, address_of, make_office
from db import roles
from db.programs import find_program

SECRET = Secret("nine green bottles")
CLERKS = Secret("a different lantern")
GIVEN = Secret("chosen by somebody else")
DESKS = ("people", "places", "tags", "property", "mail")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def place():
    """A folder that the server's own user reaches."""
    if find_program("initdb", to_serve=True) is None:
        pytest.skip("there is no PostgreSQL with TLS on this computer")
    folder = Path(tempfile.mkdtemp(prefix="cbo-office-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run_as() -> str:
    return "nobody" if os.geteuid() == 0 else ""


class Served:
    """The server of these tests, and the addresses at which its people reach it."""

    def __init__(self, cluster, made):
        self.cluster, self.made = cluster, made

    def url(self, login="ada", password=SECRET):
        return address_of(self.cluster, self.made.database, login, password, Path(self.made.certificate))

    def connect(self, login="ada", password=SECRET, **more):
        where = {"host": "localhost", "port": self.cluster.port, "dbname": self.made.database, "user": login}
        where |= {"password": password.reveal(), "sslmode": "verify-full", "sslrootcert": self.made.certificate, **more}
        return psycopg.connect(**{"autocommit": True, **where})

    def as_superuser(self, **more):
        secret = Secret((self.cluster.folder / "superuser.secret").read_text())
        return self.connect("cbo_superuser", secret, **more)


@pytest.fixture(scope="session")
def served(place, run_as):
    """A server as `server init` makes it, with ada its administrator and ben, a clerk of every desk."""
    cluster = Cluster(place / "server", free_port(), ("localhost",), "localhost", run_as)
    made = make_office(cluster, "compound", FirstAdministrator("ada", "Ada Otieno", SECRET))
    server = Served(cluster, made)
    office = open_office(server.url())
    roles = {**dict.fromkeys(DESKS, Role.CLERK), "people": Role.SUPERVISOR}
    office.write(add_account, "ben", "Ben Wafula", roles, CLERKS)
    office.close()
    yield server
    stop_server(cluster)


def keep_own(served):
    """See that ben's password is one of his own, whatever the tests before did with it."""
    office = open_office(served.url("ben", CLERKS), check=False)
    if office.read(given_password) is not None:
        office.write(change_password, CLERKS, GIVEN)
        renew(office, GIVEN)
        office.write(change_password, GIVEN, CLERKS)
    office.close()


@contextmanager
def other_compound(served, name):
    """Another compound on the same server, empty as `server init` leaves it before its tables are made; its address."""
    *_roles, make, shut, let_in = roles.make_roles(name)
    with served.as_superuser() as owner:
        for statement in (make, shut, let_in):
            owner.execute(statement)
    with served.as_superuser(dbname=name) as owner:
        for statement in roles.prepare_database():
            owner.execute(statement)
    yield lambda login="ada", password=SECRET: served.url(login, password).replace("/compound?", f"/{name}?")
    with served.as_superuser() as owner:
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def small_disk(served, place, run_as):
    """The table of papers on a disk with four megabytes left; where none may be mounted, the server's own error."""
    disk = place / "small"
    disk.mkdir(exist_ok=True)
    mounted = os.geteuid() == 0 and shutil.which("mount") is not None
    if mounted:
        with served.as_superuser() as owner:
            [held] = owner.execute("SELECT pg_total_relation_size('blob')").fetchone()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={held // 1024 + 4096}k", "tmpfs", str(disk)]
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    with served.as_superuser() as owner:
        if mounted:
            shutil.chown(disk, run_as or None)
            owner.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
            owner.execute("ALTER TABLE blob SET TABLESPACE small")
        else:
            owner.execute(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION "
                "'could not extend file' USING ERRCODE = 'disk_full'; END$$"
            )
            owner.execute("CREATE TRIGGER full_disk BEFORE INSERT ON blob EXECUTE FUNCTION full_disk()")

        def free():
            if mounted:
                owner.execute("ALTER TABLE blob SET TABLESPACE pg_default")
            else:
                owner.execute("DROP FUNCTION full_disk() CASCADE")

        yield free
        if mounted:
            owner.execute("ALTER TABLE blob SET TABLESPACE pg_default")
            owner.execute("DROP TABLESPACE small")
            subprocess.run(["umount", str(disk)], check=True)
