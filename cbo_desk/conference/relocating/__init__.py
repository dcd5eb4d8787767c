"""What the relocation planner is made of: its problem, choices, greedy start, model, checker and certificates."""
