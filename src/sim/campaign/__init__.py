"""Campaigns: many points of a design, each simulated many times, frozen at submission and resumed at will."""
