"""What the demonstration of Sage Sales Management and Sage 50 starts with."""
