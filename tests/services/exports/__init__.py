"""Files as the programs of finance export them: title lines, totals, flags and all. What they hold is made up."""
