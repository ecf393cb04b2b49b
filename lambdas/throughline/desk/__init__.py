"""What persons of the company may do with a customer's data, and the trail that each act leaves."""
