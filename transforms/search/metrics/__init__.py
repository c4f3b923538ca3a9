"""Utility metrics: what a generalisation costs, smaller is better."""
