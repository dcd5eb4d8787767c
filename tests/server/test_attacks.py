"""What a clerk could send with another tool, under their own name: refused by the server itself, or shown harmless.

The statements are those of somebody who knows the schema and the password of one clerk, and nothing else.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import select

from cbo_desk import audit
from cbo_desk.changes import Changes
from cbo_desk.compound import open_office
from cbo_desk.demo import make_demo
from cbo_desk.demo.mail import fill_mail
from cbo_desk.demo.outgoing import fill_outgoing
from cbo_desk.people import accounts, set_roles
from cbo_desk.permissions import Role, deed
from db.places import Place
from tests.server.conftest import CLERKS, SECRET

pytestmark = pytest.mark.may_skip("a computer without PostgreSQL of its own cannot serve an office")

VERIFIER = "SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$" + "A" * 43 + "=:" + "A" * 43 + "="
ENTRY = "seq, at, actor, workstation, command, args, touched, said, previous, hash"
NEXT = (
    "(SELECT seq + 1 FROM audit_head), now(), {actor}, 'x', 'x', '{{}}', '{{}}', 'x', "
    "(SELECT hash FROM audit_head), 'x'"
)
ATTACKS = (
    # The audit: rewritten, shortened, forged, reordered.
    "UPDATE audit_entry SET actor = 'ada'",
    "DELETE FROM audit_entry WHERE seq = 1",
    "TRUNCATE audit_entry CASCADE",
    f"INSERT INTO audit_entry ({ENTRY}) VALUES ({NEXT.format(actor=repr('ada'))})",
    f"INSERT INTO audit_entry ({ENTRY}) VALUES ({NEXT.format(actor=repr('ben'))})",
    f"INSERT INTO audit_entry ({ENTRY}) VALUES ({NEXT.format(actor=repr('outbox'))})",
    f"INSERT INTO audit_entry ({ENTRY}) VALUES ({NEXT.format(actor=repr('clock'))})",
    f"INSERT INTO audit_entry ({ENTRY}) SELECT seq + 1000, at, 'ben', workstation, command, args, touched, said, "
    "previous, hash FROM audit_entry WHERE seq = 1",
    "UPDATE audit_head SET seq = 0, hash = ''",
    "UPDATE audit_head SET hash = 'x'",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '')",
    "UPDATE audit_touch SET record_id = 1",
    "DELETE FROM audit_touch",
    # The rules: switched off, taken away, replaced, shadowed.
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER tr_audit_entry_append_only ON audit_entry",
    "ALTER TABLE asset DROP CONSTRAINT ck_asset_state",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
    "ALTER FUNCTION refuse_change() RENAME TO gone",
    "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'",
    "CREATE TEMP TABLE audit_head (id int, seq bigint, hash text)",
    "CREATE TEMP VIEW mail_item AS SELECT 1",
    "CREATE SCHEMA ben",
    "CREATE TABLE public.mine (n int)",
    "CREATE RULE quiet AS ON DELETE TO asset DO INSTEAD NOTHING",
    "CREATE TRIGGER mine BEFORE INSERT ON asset FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION refuse_change()",
    "SET session_replication_role = replica",
    "UPDATE alembic_version SET version_num = '0001'",
    # Facts and registers.
    "DELETE FROM asset_event",
    "UPDATE asset_event SET at = now()",
    "DELETE FROM mail_event",
    "UPDATE mail_event SET state = 'delivered'",
    "UPDATE mail_item SET state = 'delivered'",
    "DELETE FROM mail_item",
    "DELETE FROM asset",
    "TRUNCATE asset CASCADE",
    "DROP TABLE asset CASCADE",
    "DELETE FROM number_series",
    # What is need-to-know: read round the rule, or the rule taken away.
    "SET row_security = off; SELECT * FROM mail_secret",
    "ALTER TABLE mail_secret DISABLE ROW LEVEL SECURITY",
    "DROP POLICY mail_secret_read ON mail_secret",
    "CREATE POLICY mine ON mail_secret FOR SELECT USING (true)",
    "ALTER POLICY mail_secret_read ON mail_secret USING (true)",
    "CREATE TEMP VIEW peep AS SELECT * FROM mail_secret",
    "CREATE FUNCTION leak(text) RETURNS boolean COST 0.0001 LANGUAGE plpgsql AS 'BEGIN RETURN true; END'",
    "TRUNCATE mail_secret",
    "INSERT INTO mail_secret (kind, record_id) SELECT 'outgoing', min(id) FROM mail_outgoing WHERE way = 'pouch' "
    "ON CONFLICT (kind, record_id) DO UPDATE SET contents = 'cash'",
    "SELECT setval('asset_id_seq', 1)",
    # More rights: taken, given, borrowed.
    "UPDATE account_role SET role = 4",
    "INSERT INTO account_role SELECT id, 'settings', 4 FROM account WHERE login = 'ben'",
    "UPDATE account SET disabled_at = now() WHERE login = 'ada'",
    "DELETE FROM account",
    "SET ROLE cbo_owner",
    "SET ROLE cbo_admin",
    "SET ROLE cbo_keeper",
    "SET SESSION AUTHORIZATION ada",
    "ALTER ROLE ben SUPERUSER",
    "ALTER ROLE ben CREATEROLE",
    f"ALTER ROLE ada PASSWORD '{VERIFIER}'",
    "GRANT cbo_admin TO ben",
    "CREATE ROLE eve LOGIN SUPERUSER",
    f"SELECT cbo_make_login('eve', '{VERIFIER}')",
    f"SELECT cbo_set_password('ada', '{VERIFIER}')",
    "SELECT cbo_make_administrator('ben', true)",
    "SELECT cbo_let_in('ada', false)",
    "SELECT cbo_drop_login('ada')",
    "REASSIGN OWNED BY cbo_owner TO ben",
    "ALTER TABLE asset OWNER TO ben",
    # The computer behind the server.
    "COPY asset TO PROGRAM 'cat > /dev/null'",
    "COPY asset FROM PROGRAM 'true'",
    "COPY asset TO '/tmp/asset.csv'",
    "SELECT pg_read_file('postgresql.auto.conf')",
    "SELECT lo_import('/etc/hostname')",
    "SELECT pg_ls_dir('.')",
    "SELECT rolpassword FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "ALTER SYSTEM SET ssl = off",
    "SELECT pg_reload_conf()",
    "CREATE EXTENSION file_fdw",
    "CREATE LANGUAGE plpython3u",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ada'",
    "SELECT pg_rotate_logfile()",
    "DO $$BEGIN EXECUTE 'SET ROLE cbo_owner'; END$$",
)
HARMLESS = {
    # What it takes away is made again from the records, and is proven by `check`.
    "BEGIN; DELETE FROM search_entry WHERE id = 1; ROLLBACK": "the search's own table",
    "SELECT pg_advisory_lock(1)": "nobody else waits for it",
    "SELECT login FROM account": "names, which every card shows",
    "SET statement_timeout = 0": "of one's own connection",
    "GRANT SELECT ON account TO PUBLIC": "a warning: who owns nothing grants nothing",
    "UPDATE mail_secret SET contents = 'cash'": "no row of it is there for who may not know",
    "DELETE FROM mail_secret": "the same",
}
OF_THE_OWNER = (
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER tr_audit_entry_append_only ON audit_entry",
    "TRUNCATE audit_entry CASCADE",
    "ALTER TABLE mail_secret DISABLE ROW LEVEL SECURITY",
    "UPDATE alembic_version SET version_num = '0001'",
    "DELETE FROM mail_item",
)
GUARDED = ("audit_entry", "audit_head", "audit_touch", "asset", "asset_event", "mail_item", "mail_event", "account",
           "account_role", "alembic_version", "number_series", "mail_secret")  # fmt: skip


@pytest.fixture(scope="session")
def filled(served):
    """The register of a tenth of the demo, and the whole of its mail with the pouch: what the attacks are on."""
    office = open_office(served.url())
    office.write(make_demo, 0.1)
    office.write(carry_mail)
    office.close()
    return served


@deed("mail.demo", "carry the demo's mail", Role.ADMINISTRATOR)
def carry_mail(session):
    [store] = session.scalars(select(Place.id).where(Place.code == "S1"))
    fill_mail(session, store)
    fill_outgoing(session)
    return Changes("mail.item", (), "Mail.", everything=True)


def held(served):
    with served.as_superuser() as connection:
        tables = {
            name: connection.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t").fetchone()
            for name in GUARDED
        }
        roles = connection.execute("SELECT * FROM pg_authid ORDER BY rolname").fetchall()
        member = "SELECT roleid::regrole::text, member::regrole::text FROM pg_auth_members ORDER BY 1, 2"
        members = connection.execute(member).fetchall()
        rights = "SELECT count(*), count(relacl), md5(string_agg(relacl::text, '|' ORDER BY oid)) FROM pg_class"
        made = connection.execute(rights)
        return tables, roles, members, made.fetchone()


def test_every_attack_of_a_clerk_is_refused(filled):
    before = held(filled)
    assert all(rows for (rows,) in before[0].values())  # what is empty would be harmed by nothing
    answers = {}
    with filled.connect(password=SECRET), filled.connect("ben", CLERKS) as ben:
        for statement in ATTACKS:
            try:
                ben.execute(statement)
                answers[statement] = ""
            except psycopg.Error as error:
                answers[statement] = error.sqlstate
    assert [statement for statement, state in answers.items() if not state] == []
    # Refused by right or by rule, not because the statement was no SQL or named what is not there.
    wrong = ("42601", "42P01", "42703", "42883", "42704")
    assert {statement: state for statement, state in answers.items() if state in wrong} == {}
    assert held(filled) == before
    assert len(ATTACKS) >= 40


def test_what_is_let_through_does_no_harm(filled):
    before = held(filled)
    with filled.connect("ben", CLERKS) as ben:
        for statement in HARMLESS:
            ben.execute(statement)
    assert held(filled) == before


def test_an_administrator_makes_no_superuser_and_no_role_of_the_servers_own(filled):
    before = held(filled)
    with filled.connect() as ada:
        for person in ("postgres", "pg_monitor", "cbo_owner", 'x"; DROP TABLE asset; --', "Ünüon", ""):
            with pytest.raises(psycopg.Error):
                ada.execute("SELECT cbo_make_login(%s, %s)", (person, VERIFIER))
        with pytest.raises(psycopg.Error, match="as its verifier"):
            ada.execute("SELECT cbo_make_login('zoe', 'a plain password')")
        for person in ("cbo_superuser", "cbo_keeper", "pg_read_all_data", "nobody-there"):
            with pytest.raises(psycopg.Error, match="nobody of this office|does not exist"):
                ada.execute("SELECT cbo_set_password(%s, %s)", (person, VERIFIER))
        with pytest.raises(psycopg.Error, match="append-only|permission"):
            ada.execute("DELETE FROM audit_entry")
        # The owner's rights are not hers unless she becomes the owner, which a change of schema does.
        for statement in OF_THE_OWNER:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ada.execute(statement)
        assert ada.execute("SELECT pg_has_role('cbo_owner', 'MEMBER')").fetchone() == (True,)
    assert held(filled) == before


def test_the_control_an_owner_could(filled):
    """Without the server's rights the same statements go through: it is these that refuse, not the statements."""
    with filled.as_superuser(autocommit=False) as owner:
        owner.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        owner.execute("UPDATE audit_entry SET actor = 'ada' WHERE seq = 1")
        owner.execute("ALTER TABLE audit_entry ENABLE TRIGGER ALL")
        owner.rollback()
    office = open_office(filled.url())
    assert office.read(audit.verify).bad_seq is None
    office.close()


def entry(connection, **said):
    """The next entry of the chain as the program would write it: well-formed, with a true hash."""
    seq, head = connection.execute("SELECT seq, hash FROM audit_head").fetchone()
    told = {
        "seq": seq + 1, "at": datetime.now(UTC), "actor": "ben", "workstation": "DESK-9", "command": "mail.edit_item",
        "args": {"item_id": 1, "ünï": ["a", None, True, {"z": 1, "b": "\n"}]}, "touched": {}, "said": "M-1 saved.",
        "previous": head, **said,
    }  # fmt: skip
    return {**told, "hash": audit.digest(told)}


def put(connection, told):
    values = {**told, "args": json.dumps(told["args"]), "touched": json.dumps(told["touched"])}
    marks = ", ".join(f"%({name})s" for name in ENTRY.split(", "))
    connection.execute(f"INSERT INTO audit_entry ({ENTRY}) VALUES ({marks})", values)


def test_an_entry_of_ones_own_names_its_writer_its_moment_and_its_true_hash(filled):
    """A clerk who reckons the hash themselves can still write no entry of another, of the house, or of another day."""
    before = held(filled)
    with filled.connect("ben", CLERKS, autocommit=False) as ben:
        for word, said in (
            ("audit_entry_forged", {"actor": "ada"}),
            ("audit_entry_forged", {"actor": "outbox", "command": "settings.set_roles"}),
            ("audit_entry_forged", {"actor": "nobody"}),
            ("audit_entry_other_time", {"at": datetime.now(UTC) - timedelta(days=1)}),
            ("audit_entry_other_time", {"at": datetime.now(UTC) + timedelta(hours=1)}),
        ):
            with pytest.raises(psycopg.Error, match=word):
                put(ben, entry(ben, **said))
            ben.rollback()
        with pytest.raises(psycopg.Error, match="audit_entry_other_hash"):
            put(ben, {**entry(ben), "said": "something else"})
        ben.rollback()
        # The control: what the program would write is taken.
        put(ben, entry(ben))
        ben.rollback()
    assert held(filled) == before


def test_who_has_no_role_on_the_pouch_reads_none_of_it_with_any_tool(filled):
    with filled.as_superuser() as owner:
        kept = owner.execute("SELECT count(*) FROM mail_secret").fetchone()[0]
    assert kept
    asked = (
        "SELECT count(*) FROM mail_secret",
        "SELECT count(*) FROM mail_outgoing JOIN mail_secret ON record_id = mail_outgoing.id",
        "SELECT count(*) FROM mail_outgoing WHERE way = 'pouch' AND (secret_recipient <> 'need-to-know' "
        "OR secret_contents <> '' OR purpose <> '' OR address <> '')",
        "SELECT count(*) FROM mail_bag_line WHERE secret_addressee <> '' OR secret_contents <> ''",
        "SELECT count(*) FROM pg_stats WHERE tablename = 'mail_secret'",
    )
    with filled.connect("ben", CLERKS) as ben, filled.connect() as ada:
        assert [ben.execute(one).fetchone()[0] for one in asked] == [0, 0, 0, 0, 0]
        # The control: the first administrator has a role on every desk, and reads what is kept.
        assert ada.execute(asked[0]).fetchone()[0] == kept


def test_what_a_tray_brought_is_told_to_its_own_alone(filled):
    """Its words name people and things; nobody brings anything in another's name either."""
    taken = (
        "INSERT INTO taken_deed (id, kind, digest, outcome, said, happened_at, taken_at, by, workstation) "
        "VALUES (%s, 'mail.receive_item', 'x', 'done', 'RR1 received for the envoy.', now(), now(), %s, 'DESK-1')"
    )
    with filled.connect("ben", CLERKS) as ben, filled.connect() as ada, filled.as_superuser() as owner:
        ada.execute(taken, ("a" * 32, "ada"))
        ben.execute(taken, ("b" * 32, "ben"))
        with pytest.raises(psycopg.Error, match="row-level security"):
            ben.execute(taken, ("c" * 32, "ada"))
        asked = "SELECT by FROM taken_deed WHERE id IN (%s, %s, %s) ORDER BY by"
        ids = ("a" * 32, "b" * 32, "c" * 32)
        assert ben.execute(asked, ids).fetchall() == [("ben",)]
        # The control: both are there.
        assert owner.execute(asked, ids).fetchall() == [("ada",), ("ben",)]
        with pytest.raises(psycopg.Error, match="duplicate key"):  # an id is taken once, whoever sees the row
            ben.execute(taken, ("a" * 32, "ben"))


def test_a_role_on_the_pouch_opens_it_and_its_end_shuts_it(filled):
    office = open_office(filled.url())
    [ben] = [one for one in office.read(accounts) if one.login == "ben"]
    with filled.connect("ben", CLERKS) as connection:
        office.write(set_roles, ben.id, {**ben.roles, "pouch": Role.VIEWER})
        assert connection.execute("SELECT count(*) FROM mail_secret").fetchone()[0]
        office.write(set_roles, ben.id, ben.roles)
        assert not connection.execute("SELECT count(*) FROM mail_secret").fetchone()[0]
    office.close()
