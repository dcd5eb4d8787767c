"""The transport desk: vehicles and drivers, who wants to go where and when, and how the day is driven."""
