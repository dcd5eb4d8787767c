"""The property desk: the register of everything that belongs to somebody on the compound."""

from cbo_desk.property import holdings, subjects
from cbo_desk.property.card import AssetCard, Happened, Part, asset_card
from cbo_desk.property.classes import CATEGORY, CategoryForm, CategoryRow, add_category, category_rows, edit_category
from cbo_desk.property.commands import edit_asset, receive_assets, take_back_assets
from cbo_desk.property.moves import change_state, move_assets, put_back
from cbo_desk.property.offers import HAND_OVER, ISSUE_PASS, OPEN_CASE
from cbo_desk.property.queries import (
    AssetFilter,
    AssetList,
    AssetRow,
    Figures,
    categories,
    figures,
    serial_elsewhere,
    suggest_assets,
)
from cbo_desk.property.rules import CONDITIONS, WORDS, AssetForm, State
from cbo_desk.property.touching import KIND

subjects.enlist()
holdings.enlist()

__all__ = [
    "CATEGORY",
    "CONDITIONS",
    "HAND_OVER",
    "ISSUE_PASS",
    "KIND",
    "OPEN_CASE",
    "WORDS",
    "AssetCard",
    "AssetFilter",
    "AssetForm",
    "AssetList",
    "AssetRow",
    "CategoryForm",
    "CategoryRow",
    "Figures",
    "Happened",
    "Part",
    "State",
    "add_category",
    "asset_card",
    "categories",
    "category_rows",
    "change_state",
    "edit_asset",
    "edit_category",
    "figures",
    "move_assets",
    "put_back",
    "receive_assets",
    "serial_elsewhere",
    "suggest_assets",
    "take_back_assets",
]
