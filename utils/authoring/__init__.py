"""How the course is made: solutions -> lessons -> nbgrader. No notebook imports it."""
