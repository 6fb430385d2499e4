"""Datasets as their makers publish them, read from the user's own copy: docs/data.md says where each is had."""
