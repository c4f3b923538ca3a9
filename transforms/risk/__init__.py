"""Disclosure risk of people's equivalence classes: privacy models, re-identification risks, uniqueness."""
