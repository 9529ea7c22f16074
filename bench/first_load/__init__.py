"""What a first load of Sage Sales Management from Sage 50 costs in calls."""
