"""What a first load of Sage Business Accounting from Vtiger costs in calls."""
