"""Accounts, roles, signing in and being locked out; no password is ever written down."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from cbo_desk import audit, compound, people
from cbo_desk.errors import Faults, Refusal
from cbo_desk.people import passwords
from cbo_desk.people.signing_in import TRIES, given_password
from cbo_desk.permissions import DESKS, Actor, Role
from cbo_desk.secret import Secret
from tests.conftest import REAL_COST
from tests.rows import check_undo, rows_of

GOOD = Secret("correct horse battery")
OTHER = Secret("staple, weather, river")


@pytest.fixture
def ada(office):
    """Accounts are turned on; the first administrator's id."""
    return office.write(people.turn_on_accounts, "ada", "Ada Achieng", GOOD).ids[0]


def row(office, login):
    return next(one for one in office.read(people.accounts) if one.login == login)


def wrong(office, login="ada", password=OTHER):
    with pytest.raises(Refusal) as refusal:
        people.sign_in(office, login, password)
    return str(refusal.value)


def test_turning_on_asks_everybody_to_sign_in(office):
    assert not compound.needs_sign_in(office.engine)
    office.write(people.turn_on_accounts, "Ada", "Ada Achieng", GOOD)
    assert compound.needs_sign_in(office.engine)
    actor = people.sign_in(office, " ADA ", GOOD, "GATE-1")
    assert (actor.login, actor.name, actor.workstation) == ("ada", "Ada Achieng", "GATE-1")
    assert {desk: role for desk, role in actor.roles.items() if desk in DESKS} == dict.fromkeys(
        DESKS, Role.ADMINISTRATOR
    )
    with pytest.raises(Refusal, match="already"):
        office.write(people.turn_on_accounts, "eve", "Eve", GOOD)


def test_an_account_has_the_roles_it_was_given(office, ada):
    office.write(people.add_account, "ben", "Ben", {"property": Role.CLERK, "people": Role.VIEWER}, GOOD)
    desk = office.signed_in(people.sign_in(office, "ben", GOOD))
    assert desk.may(people.person_card)
    assert not desk.may(people.add_person)
    with pytest.raises(Refusal, match="You may not manage accounts"):
        desk.write(people.set_roles, ada, {})


def test_deeds_on_accounts_are_taken_back(office, ada):
    check_undo(office, people.set_roles, _ben(office), {"property": Role.SUPERVISOR})
    check_undo(office, people.disable_account, row(office, "ben").id)
    done = office.write(people.add_account, "eve", "Eve", {"people": Role.CLERK}, GOOD)
    before = rows_of(office)
    office.write(done.undo.command, *done.undo.args)
    assert [one["login"] for one in rows_of(office, "account")["account"]] == ["ada", "ben"]
    assert len(rows_of(office, "account_role")["account_role"]) == len(before["account_role"]) - 1


def _ben(office):
    return office.write(people.add_account, "ben", "Ben", {"property": Role.CLERK}, GOOD).ids[0]


def test_an_account_that_was_used_is_disabled_not_removed(office, ada):
    ben = _ben(office)
    people.sign_in(office, "ben", GOOD)
    with pytest.raises(Refusal, match="Disable the account instead"):
        office.write(people.remove_account, ben)
    office.write(people.disable_account, ben)
    assert "wrong" in wrong(office, "ben", GOOD)


def test_unknown_disabled_and_wrong_are_told_alike(office, ada):
    office.write(people.disable_account, _ben(office))
    assert wrong(office) == wrong(office, "nobody-at-all") == wrong(office, "ben", GOOD) == wrong(office, "\x00'; --")


def test_a_try_costs_what_rfc_9106_says(monkeypatch):
    """In the tests it costs less, but for this one."""
    monkeypatch.setattr("argon2.profiles.RFC_9106_LOW_MEMORY", REAL_COST)
    real = passwords.hasher.__wrapped__()
    assert (real.memory_cost, real.time_cost, real.parallelism) == (64 * 1024, 3, 4)
    monkeypatch.setattr(passwords, "hasher", lambda: real)
    assert passwords.is_right(passwords.hashed(GOOD), GOOD)


def test_an_unknown_login_costs_as_much_as_a_known_one(office, ada, monkeypatch):
    """Counted, not timed: the same hash work and the same deeds either way."""
    work = []
    cheap = passwords.hasher()

    class Counting:
        def verify(self, known, password):
            work.append(cheap.check_needs_rehash(known))
            return cheap.verify(known, password)

        hash = cheap.hash
        check_needs_rehash = cheap.check_needs_rehash

    monkeypatch.setattr(passwords, "hasher", Counting)

    def deeds():
        with office.engine.connect() as connection:
            return connection.scalar(text("SELECT count(*) FROM audit_entry"))

    start = deeds()
    wrong(office)
    known, middle = list(work), deeds()
    work.clear()
    wrong(office, "nobody")
    assert work == known == [False]
    assert deeds() - middle == middle - start


def test_five_wrong_tries_lock_for_five_minutes(office, ada, clock):
    for _try in range(TRIES):
        assert "wrong" in wrong(office)
    assert "Try again at 09:05" in wrong(office, password=GOOD)
    assert row(office, "ada").locked_until == clock.now + timedelta(minutes=5)
    clock.now += timedelta(minutes=4, seconds=59)
    assert "Try again at" in wrong(office, password=GOOD)
    clock.now += timedelta(seconds=1)
    assert people.sign_in(office, "ada", GOOD).login == "ada"
    assert row(office, "ada").locked_until is None


def test_the_fifth_try_may_still_be_right_and_clears_the_count(office, ada):
    for _round in range(3):
        for _try in range(TRIES - 1):
            wrong(office)
        people.sign_in(office, "ada", GOOD)


def test_guesses_at_once_are_counted_one_by_one(office, ada):
    """Twelve guesses from as many workstations: only five passwords are looked at."""
    looked = []
    answers = []
    right = passwords.is_right

    def guess():
        answers.append(wrong(office))

    def counting(known, password):
        looked.append(1)
        return right(known, password)

    from cbo_desk.people import signing_in

    signing_in.is_right = counting
    try:
        threads = [threading.Thread(target=guess) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        signing_in.is_right = right
    assert len(looked) <= TRIES
    assert len(answers) == 12
    assert "Try again at" in wrong(office, password=GOOD)


def test_what_is_left_of_the_tries_is_told_of_known_and_unknown_logins_alike(office, ada):
    for login in ("ada", "nobody-at-all"):
        told = [wrong(office, login) for _try in range(TRIES + 1)]
        assert [words.partition("wrong. ")[2] for words in told] == [
            "4 tries are left; then the account rests for 5 minutes.",
            "3 tries are left; then the account rests for 5 minutes.",
            "2 tries are left; then the account rests for 5 minutes.",
            "1 try is left; then the account rests for 5 minutes.",
            "The account rests until 09:05.",
            "",
        ]
        assert told[-1].startswith("Too many wrong tries. Try again at 09:05")


def test_a_password_that_somebody_else_gave_is_known_as_such_until_it_is_changed(office, ada):
    mine = office.signed_in(people.sign_in(office, "ada", GOOD))
    assert mine.read(given_password) is None, "who turned accounts on chose it"
    ident = mine.write(people.add_account, "ben", "Ben", {"property": Role.CLERK}, GOOD).ids[0]
    bens = office.signed_in(people.sign_in(office, "ben", GOOD))
    assert bens.read(given_password).by == "Ada Achieng"
    with pytest.raises(Refusal, match="the password you have"):
        bens.write(people.change_password, GOOD, GOOD)
    bens.write(people.change_password, GOOD, OTHER)
    assert bens.read(given_password) is None
    mine.write(people.set_password, ident, GOOD)
    assert bens.read(given_password).at == mine.instant()
    # An administrator's own password, set the administrator's way, is her own.
    mine.write(people.set_password, ada, OTHER)
    assert mine.read(given_password) is None


def test_an_administrator_unlocks_with_a_new_password(office, ada):
    for _try in range(TRIES + 1):
        wrong(office)
    office.write(people.set_password, ada, OTHER)
    assert people.sign_in(office, "ada", OTHER).login == "ada"


def test_one_changes_ones_own_password(office, ada):
    _ben(office)
    desk = office.signed_in(people.sign_in(office, "ben", GOOD))
    with pytest.raises(Refusal, match="not your password"):
        desk.write(people.change_password, OTHER, OTHER)
    desk.write(people.change_password, GOOD, OTHER)
    assert people.sign_in(office, "ben", OTHER).login == "ben"
    assert "wrong" in wrong(office, "ben", GOOD)


def test_roles_of_this_moment(office, ada):
    ben = _ben(office)
    desk = office.signed_in(people.sign_in(office, "ben", GOOD))
    office.write(people.set_roles, ben, {"mail": Role.CLERK} if "mail" in DESKS else {"people": Role.CLERK})
    assert "property" not in desk.read(people.refreshed).roles
    office.write(people.disable_account, ben)
    with pytest.raises(Refusal, match="disabled"):
        desk.read(people.refreshed)


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaaaaaaa", "x" * 201, "Ada Achieng 1", "password1234", "ada.achieng", "1234567890"]
)
def test_weak_passwords_are_refused(password):
    assert passwords.password_fault(Secret(password), "ada.achieng", "Ada Achieng")


def test_good_passwords_are_taken():
    for password in ("correct horse battery", "tembo-mkubwa-72", "Ünïcödé passt"):
        assert passwords.password_fault(Secret(password), "ada", "Ada Achieng") == ""


def test_bad_forms_stand_at_their_field(office, ada):
    for args, field in (
        (("", "Ben", {}, GOOD), "login"),
        (("ada", "Ben", {}, GOOD), "login"),
        (("ben", " ", {}, GOOD), "name"),
        (("ben", "Ben", {}, Secret("short")), "password"),
        (("ben", "Ben", {"kitchen": Role.CLERK}, GOOD), "roles"),
    ):
        with pytest.raises(Refusal) as refusal:
            office.write(people.add_account, *args)
        assert refusal.value.field == field or field in getattr(refusal.value, "faults", {})
    assert isinstance(Faults({"x": "y"}), Refusal)
    assert len(office.read(people.accounts)) == 1


def test_the_last_administrator_stays(office, ada):
    ben = _ben(office)
    for deed, args in (
        (people.disable_account, (ada,)),
        (people.set_roles, (ada, {})),
        (people.set_roles, (ada, {**dict.fromkeys(DESKS, Role.ADMINISTRATOR), "settings": Role.SUPERVISOR})),
        (people.remove_account, (ada,)),
    ):
        with pytest.raises(Refusal, match=r"Ada Achieng is the last administrator\. This is your own account\."):
            office.write(deed, *args)
    # A disabled one does not count.
    office.write(people.set_roles, ben, {"settings": Role.ADMINISTRATOR})
    office.write(people.disable_account, ben)
    with pytest.raises(Refusal, match="last administrator"):
        office.write(people.disable_account, ada)
    office.write(people.enable_account, ben)
    office.write(people.disable_account, ada)


@pytest.mark.parametrize("deed", ["disable", "demote"])
def test_two_administrators_removing_each_other_leave_one(office, ada, deed):
    ben = _ben(office)
    all_rights = dict.fromkeys(DESKS, Role.ADMINISTRATOR)
    for _round in range(5):
        office.write(people.set_roles, ben, all_rights)
        start = threading.Barrier(2)
        refused = []

        def drop(account, start=start, refused=refused):
            mine = office.signed_in(Actor(str(account), "X", all_rights))
            start.wait()
            try:
                if deed == "disable":
                    mine.write(people.disable_account, account)
                else:
                    mine.write(people.set_roles, account, {})
            except Refusal as refusal:
                refused.append(str(refusal))

        threads = [threading.Thread(target=drop, args=(account,)) for account in (ada, ben)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1
        assert "last administrator" in refused[0]
        left = [
            one
            for one in office.read(people.accounts)
            if not one.disabled and one.roles.get("settings") == Role.ADMINISTRATOR
        ]
        assert len(left) == 1
        for one in office.read(people.accounts):
            if one.disabled:
                office.write(people.enable_account, one.id)
            office.write(people.set_roles, one.id, all_rights)


def test_no_password_is_written_anywhere(office, ada):
    """Every text of every table is searched for every password that was ever typed, right or wrong."""
    typed = [Secret(f"hunter-{n}-of-lost-arks") for n in range(9)]
    ben = office.write(people.add_account, "ben", "Ben", {}, typed[0]).ids[0]
    wrong(office, "ben", typed[1])
    wrong(office, typed[2].reveal(), typed[3])
    office.write(people.set_password, ben, typed[4])
    desk = office.signed_in(people.sign_in(office, "ben", typed[4]))
    desk.write(people.change_password, typed[4], typed[5])
    with pytest.raises(Refusal):
        office.write(people.add_account, "eve", "Eve", {"nowhere": Role.CLERK}, password=typed[6])
    hashes = [one["password_hash"] for one in rows_of(office, "account")["account"]]
    assert all(one.startswith("$argon2id$") for one in hashes)
    with office.engine.connect() as connection:
        audit_text = "\n".join(str(tuple(one)) for one in connection.execute(text("SELECT * FROM audit_entry")))
        feed = "\n".join(str(tuple(one)) for one in connection.execute(text("SELECT * FROM change_log")))
        found = "\n".join(str(tuple(one)) for one in connection.execute(text("SELECT * FROM search_entry")))
    for secret in typed:
        assert secret.reveal() not in audit_text + feed + found + "".join(hashes)
    for one in hashes:
        assert one not in audit_text
    # The search itself works: what is not secret is there.
    assert "ben" in audit_text
    assert "hunter" not in audit_text
    assert office.read(audit.verify).bad_seq is None


def test_a_secret_shows_itself_to_nobody():
    import pickle

    secret = Secret("open sesame")
    shown = f"{secret} {secret!r} {[secret]} {audit.plain({'1': secret, 'x': [secret]})}"
    assert "sesame" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(secret)
