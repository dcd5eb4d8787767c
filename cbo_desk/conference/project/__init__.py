"""The capital project: phases, capacity by date, relocation plans and what-if."""
