"""The demo compound's vehicles: models with their room, what they ask of a driver, and plates by model."""

from __future__ import annotations

MODELS = (
    ("Toyota", "Hiace", 12, 0, 12, "", "diesel", 70), ("Toyota", "Prado", 5, 0, 5, "4x4", "diesel", 87),
    ("Toyota", "Coaster", 28, 2, 28, "lift", "diesel", 95), ("Toyota", "Hilux", 4, 0, 10, "4x4", "diesel", 80),
    ("Toyota", "Corolla", 3, 0, 3, "", "petrol", 50), ("Nissan", "Patrol", 5, 0, 6, "4x4 armoured", "petrol", 95),
)  # fmt: skip
ASKS = {"Coaster": ("D", ""), "Patrol": ("", "armoured")}
"""What a model asks of its driver: the class of the licence, and what they are trained for."""
OF_COACHES = (5, 8, 13)
"""Drivers who may drive a coach beside every third one."""
PLATES = (
    (41, 0), (22, 1), (117, 2), (58, 3), (19, 1), (33, 0), (71, 1), (64, 0), (12, 4), (14, 4), (27, 1), (36, 3),
    (45, 0), (52, 2), (60, 4), (66, 1), (74, 3), (80, 0), (83, 4), (91, 5), (95, 5), (101, 0), (108, 3), (122, 2),
)  # fmt: skip
