"""What the demonstration of Sage Sales Management and Sage Accounting starts with: Vtiger's sample books."""
