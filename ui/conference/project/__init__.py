"""The capital project on the screen: phases against capacity, plans compared, and what another start would do."""
