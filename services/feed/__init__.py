"""The feed: facts to other services, and their requests to the ledger."""
