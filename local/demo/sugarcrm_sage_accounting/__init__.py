"""What the demonstration of SugarCRM and Sage Accounting starts with: the sample of SugarCRM and Sage 50."""
