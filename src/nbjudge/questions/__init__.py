"""Quiz questions: the author's bank, the part that students get, papers, answers, marks."""
