"""Crises of the past: tables, baselines, scores, and the crises as scenarios of the same engine."""
