"""Drafts of rule sets: written, reviewed, approved by a second person, and published."""
