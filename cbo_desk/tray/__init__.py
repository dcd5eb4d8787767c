"""The tray: what is done at a workstation while the server is away, kept there until it is taken, once."""

from cbo_desk.tray.begin import begin, end
from cbo_desk.tray.kinds import Body, Ended, Keepable, Kept, KeptHere, Picture, Question, Refs, enlist, enlist_picture
from cbo_desk.tray.replay import Taking, take_waiting
from cbo_desk.tray.review import ReviewRow, change_kept, drop_kept, review, try_again
from cbo_desk.tray.tray import Standing, Tray, tray_of

__all__ = [
    "Body",
    "Ended",
    "Keepable",
    "Kept",
    "KeptHere",
    "Picture",
    "Question",
    "Refs",
    "ReviewRow",
    "Standing",
    "Taking",
    "Tray",
    "begin",
    "change_kept",
    "drop_kept",
    "end",
    "enlist",
    "enlist_picture",
    "review",
    "take_waiting",
    "tray_of",
    "try_again",
]
