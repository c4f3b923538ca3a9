"""Judgement about people and power: purposes, companies, provision, incidents, requests. Decides, never deletes."""
