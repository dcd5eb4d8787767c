"""What is remembered: tables, constraints, engines and migrations. Here the tables that every desk builds on."""

from db import people, places, property, records, tags

__all__ = ["people", "places", "property", "records", "tags"]
