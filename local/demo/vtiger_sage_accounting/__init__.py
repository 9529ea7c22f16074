"""What the demonstration of Vtiger and Sage Business Accounting begins with, and what people do after its
first cycle."""
