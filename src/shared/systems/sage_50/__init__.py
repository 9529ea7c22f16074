"""Sage 50 Accounts UK and Ireland, through HyperAccounts V1 or any service that answers the same routes."""
