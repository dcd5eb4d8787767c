"""Backups that are made by themselves: one when it is due, proven by putting it back, the oldest let go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cbo_desk import keeping
from cbo_desk.backup import ENDING
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.keeping import Plan, backups_in, checked, is_due, keep_one, newest_proven
from cbo_desk.progress import Cancelled, Progress
from tests.conftest import MORNING

HOUR = timedelta(hours=1)


@pytest.fixture
def filled(office, desk):
    for n in range(3):
        office.write(desk.add_entity, f"E{n}")
    return office


def names(folder):
    return sorted(path.name for path in Path(folder).iterdir())


def test_a_backup_is_made_proven_and_the_oldest_goes(filled, tmp_path):
    plan = Plan(str(tmp_path / "kept"), 24, 2)
    for number in range(4):
        kept = keep_one(filled, plan, MORNING + number * HOUR)
        assert kept.proven.startswith("put back for a trial")
        assert kept.removed == (1 if number > 1 else 0)
    assert names(plan.folder) == [
        "cbo-20260824-080000.backup", f"cbo-20260824-080000.backup{ENDING}",
        "cbo-20260824-090000.backup", f"cbo-20260824-090000.backup{ENDING}",
    ]  # fmt: skip
    assert newest_proven(plan) == MORNING + 3 * HOUR


def test_files_of_others_are_never_counted_nor_removed(sqlite_office, tmp_path):
    for name in ("cbo-20200101-000000.backup", "letter.txt", f"cbo-x.backup{ENDING}", "cbo-20200102-000000.backup.txt"):
        (tmp_path / name).write_text("mine")
    keep_one(sqlite_office, Plan(str(tmp_path), 24, 2), MORNING)
    assert [at for at, _ in backups_in(tmp_path)] == [MORNING]
    assert "cbo-20200101-000000.backup" in names(tmp_path)


@pytest.mark.parametrize(("hours", "due"), [(23, False), (24, True), (-5, True)])
def test_when_one_is_due(sqlite_office, tmp_path, hours, due):
    plan = Plan(str(tmp_path), 24, 14)
    assert is_due(plan, MORNING)
    keep_one(sqlite_office, plan, MORNING)
    # Five hours before: the clock was wrong when the newest was made, or is wrong now.
    assert is_due(plan, MORNING + hours * HOUR) is due


def test_one_that_does_not_come_back_is_not_kept_and_the_older_stay(sqlite_office, tmp_path, monkeypatch):
    plan = Plan(str(tmp_path), 1, 2)
    keep_one(sqlite_office, plan, MORNING)
    keep_one(sqlite_office, plan, MORNING + HOUR)
    before = names(tmp_path)

    def spoil(office, file, progress=None):
        made = keeping_backup(office, file, progress)
        with file.open("r+b") as written:
            written.seek(5000)
            written.write(b"\xff")
        return made

    keeping_backup = keeping.backup
    monkeypatch.setattr(keeping, "backup", spoil)
    with pytest.raises((Refusal, Trouble), match="damaged"):
        keep_one(sqlite_office, plan, MORNING + 2 * HOUR)
    assert names(tmp_path) == before


def test_a_damaged_newest_is_not_the_newest_good_one(sqlite_office, tmp_path):
    plan = Plan(str(tmp_path), 1, 5)
    for number in range(2):
        keep_one(sqlite_office, plan, MORNING + number * HOUR)
    newest = backups_in(tmp_path)[0][1]
    newest.write_bytes(newest.read_bytes()[:-1])
    assert newest_proven(plan) == MORNING


def test_stopped_nothing_is_left(sqlite_office, tmp_path):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        keep_one(sqlite_office, Plan(str(tmp_path), 1, 5), MORNING, progress)
    assert names(tmp_path) == ["compound.db"] or not backups_in(tmp_path)


def test_plans_that_cannot_be_carried_out(tmp_path):
    assert checked(f" {tmp_path / 'new'} ", 24, 14) == Plan(str(tmp_path / "new"), 24, 14)
    (tmp_path / "file").write_text("")
    for folder, hours, keep, field in (
        ("", 24, 14, "folder"),
        ("relative/here", 24, 14, "folder"),
        (str(tmp_path / "file" / "under"), 24, 14, "folder"),
        (str(tmp_path), 0, 14, "hours"),
        (str(tmp_path), 24, 1, "keep"),
    ):
        with pytest.raises(Refusal) as refused:
            checked(folder, hours, keep)
        assert refused.value.field == field
