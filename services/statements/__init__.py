"""Statements of account: what was open, what became of it and what is open, to be looked at and to be sent."""
