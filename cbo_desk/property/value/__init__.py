"""What property is worth: dated policies, depreciation to any day, and totals in one currency."""

from cbo_desk.property.value.breakdown import Worth, breakdown
from cbo_desk.property.value.commands import (
    POLICY,
    RATE,
    policy_stands,
    put_rate_back,
    put_value_policy_back,
    rate_stands,
    set_rate,
    set_value_policy,
)
from cbo_desk.property.value.depreciation import Month
from cbo_desk.property.value.queries import (
    AssetValue,
    PolicyLine,
    RateLine,
    asset_schedule,
    asset_value,
    rates,
    shipped_lives,
    value_policies,
)
from cbo_desk.property.value.rules import (
    SHIPPED,
    FirstMonth,
    LastMonth,
    Method,
    PolicyForm,
    Rate,
    Recognition,
    Terms,
)
from cbo_desk.property.value.totals import By, Valuation, ValueLine, valuation

__all__ = [
    "POLICY",
    "RATE",
    "SHIPPED",
    "AssetValue",
    "By",
    "FirstMonth",
    "LastMonth",
    "Method",
    "Month",
    "PolicyForm",
    "PolicyLine",
    "Rate",
    "RateLine",
    "Recognition",
    "Terms",
    "Valuation",
    "ValueLine",
    "Worth",
    "asset_schedule",
    "asset_value",
    "breakdown",
    "policy_stands",
    "put_rate_back",
    "put_value_policy_back",
    "rate_stands",
    "rates",
    "set_rate",
    "set_value_policy",
    "shipped_lives",
    "valuation",
    "value_policies",
]
