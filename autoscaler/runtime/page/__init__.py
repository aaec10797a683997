"""The live status page: what it keeps of records, what it shows of them, and what it lets do."""
