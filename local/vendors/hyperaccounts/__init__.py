"""An emulated HyperAccounts V1 service with a Sage 50 ledger behind it."""
