"""What the demonstration of SugarCRM and Sage 50 starts with."""
