"""The pages of maintenance: services that are due, repairs, and warranties that end."""
