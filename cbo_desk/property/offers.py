"""What the register offers and other parts of the desk do: known here by its rule, for those parts load tables of their
own, which a start has no use for."""

from __future__ import annotations

from cbo_desk.permissions import Role, Rule

HAND_OVER = Rule("property.hand_over_assets", "property", Role.CLERK, "hand over assets")
OPEN_CASE = Rule("property.open_case", "property", Role.CLERK, "open disposal cases")
ISSUE_PASS = Rule("property.issue_pass", "property", Role.CLERK, "write gate passes")
