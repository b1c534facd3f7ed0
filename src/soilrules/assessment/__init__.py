"""Assessment 考核: a scheme is data, a score follows from facts alone, and what nobody knows stays a range."""
