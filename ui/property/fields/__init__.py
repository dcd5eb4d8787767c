"""The page of custom fields: what each category of property notes of its own."""
