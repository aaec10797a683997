"""Which permissions a configuration needs: for each role a policy, exact to the resource.

`looking` asks the account what a configuration does not tell (ARNs, dead-letter queues, keys,
the roles and images of task definitions); `grants` makes the policies of it, purely; `written`
prints them. Every API call of this program has its action in a statement here
(`tests/functional/permissions`, which refuses every call that no statement allows).
"""
