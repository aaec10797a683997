"""The report: one page, complete in itself, that answers which policy to take and shows why.

``model`` says what a report is made of; ``page`` and ``pictures`` write it, and are what needs the
extra ``report``.
"""
