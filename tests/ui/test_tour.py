"""What the tour stands on, where the tour itself, which takes two minutes, is no test."""

from __future__ import annotations

from ui.kit.own_files import show
from ui.tour import papers_taken


def test_papers_that_would_be_opened_outside_are_taken(qapp, tmp_path):
    paper = tmp_path / "sheet.pdf"
    with papers_taken() as taken:
        show(paper)
        assert taken == [paper]
