"""Maintenance: service plans and what is due, repairs with cost and downtime, and warranties that end."""

from cbo_desk.property.maintenance.commands import (
    PLAN,
    REPAIR,
    change_plan,
    end_plans,
    note_repair,
    plan_service,
    record_service,
    take_back_service,
)
from cbo_desk.property.maintenance.exporting import PLANS, REPAIRS, WARRANTIES, rows
from cbo_desk.property.maintenance.lists import (
    PlanList,
    PlanRow,
    RepairList,
    RepairRow,
    Warranties,
    WarrantyList,
    WarrantyRow,
)
from cbo_desk.property.maintenance.queries import (
    Serviced,
    Upkeep,
    UpkeepFigures,
    plan_now,
    repair_now,
    upkeep_figures,
    upkeep_of,
)
from cbo_desk.property.maintenance.reminders import remind_of_warranties
from cbo_desk.property.maintenance.rules import RADAR_DAYS, SOON_DAYS, PlanForm, WorkForm

__all__ = [
    "PLAN",
    "PLANS",
    "RADAR_DAYS",
    "REPAIR",
    "REPAIRS",
    "SOON_DAYS",
    "WARRANTIES",
    "PlanForm",
    "PlanList",
    "PlanRow",
    "RepairList",
    "RepairRow",
    "Serviced",
    "Upkeep",
    "UpkeepFigures",
    "Warranties",
    "WarrantyList",
    "WarrantyRow",
    "WorkForm",
    "change_plan",
    "end_plans",
    "note_repair",
    "plan_now",
    "plan_service",
    "record_service",
    "remind_of_warranties",
    "repair_now",
    "rows",
    "take_back_service",
    "upkeep_figures",
    "upkeep_of",
]
