"""What the demonstration of Vtiger and Sage Business Accounting starts with, and what people do after the
first cycle."""
