"""What the demonstration of Vtiger and Sage 50 starts with: parts of the two samples of these systems."""
