"""Builders of generalisation ladders: groupings of values, put together level by level and checked."""
