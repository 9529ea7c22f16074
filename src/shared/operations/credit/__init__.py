"""The credit position of customers: the ledger's balances in fields of the CRM's accounts, one way.

No links and no queue: what is written are facts of the ledger, whole values that nothing else writes, so that
a write repeated after a crash does no harm. One worker at a time (a lane) makes sure that no older balance is
written over a newer one.
"""
