"""Sage Business Cloud Accounting: the v3.1 API, which has neither webhooks nor conditional writes."""
