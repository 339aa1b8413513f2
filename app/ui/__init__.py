"""What is on the screen: shows values, calls services, decides nothing; one room per place of the window."""
