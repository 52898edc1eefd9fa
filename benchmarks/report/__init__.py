"""The monthly report for the whole Government: time, memory, the size of the .docx, and what a late row costs."""
